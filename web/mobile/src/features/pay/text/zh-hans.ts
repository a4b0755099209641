export const messages = {
  'title': '收付',
  'lead': '要做什么？',
  'again': '转给常用的人',
  'all': '名册',
} as const
