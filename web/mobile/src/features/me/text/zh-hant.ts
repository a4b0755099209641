import type { Translation } from '@shared/i18n/text'
import type { messages as first } from './zh-hans'

export const messages: Translation<typeof first> = {
  'title': '我的',
  'unnamed': '通寶客戶',
  'money': '我的錢',
  'safety': '安全',
  'more': '更多',
  'unreachable': '暫時連不上銀行',
  'signOut': '登出',
  'signOutTitle': '要登出嗎？',
  'signOutText': '下次開啟要重新登入。這台裝置仍會被記住。',
}
