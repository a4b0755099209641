export const messages = {
  'title': '收付',
  'lead': '要做什么？',
} as const
