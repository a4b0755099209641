import type { Translation } from '@shared/i18n/text'
import type { messages as first } from './zh-hans'

export const messages: Translation<typeof first> = {
  'title': '協議和政策',
  'lead': '現在生效的版本。你同意過什麼，在“我的資訊和授權”裡可以查看和撤回。',
  'necessary': '必需',
  'optional': '非必需',
  'version': '第 {n} 版',
}
