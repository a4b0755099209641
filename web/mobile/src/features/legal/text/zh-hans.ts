export const messages = {
  'title': '协议和政策',
  'lead': '现在生效的版本。你同意过什么，在“我的信息和授权”里可以查看和撤回。',
  'necessary': '必需',
  'optional': '可选',
  'version': '第 {n} 版',
} as const
