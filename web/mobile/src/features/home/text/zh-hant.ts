import type { Translation } from '@shared/i18n/text'
import type { messages as first } from './zh-hans'

export const messages: Translation<typeof first> = {
  'title': '首頁',
  'morning': '早安，{name}',
  'afternoon': '午安，{name}',
  'evening': '晚安，{name}',
  'hello': '你好',
  'menu': '開啟側欄',
  'messages': '訊息',
  'search': '搜尋',
  'scan': '掃一掃',
  'acts': '常用',
}
