import type { Translation } from '@shared/i18n/text'
import type { messages as first } from './zh-hans'

export const messages: Translation<typeof first> = {
  'title': '收付',
  'lead': '要做什麼？',
  'again': '轉給常用的人',
  'all': '名冊',
}
