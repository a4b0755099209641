import type { Translation } from '@shared/i18n/text'
import type { messages as first } from './zh-hans'

export const messages: Translation<typeof first> = {
  'title': '歡迎',
  'lead': '錢放得穩，用得快。',
  'safe': '每一筆都要你確認',
  'safeNote': '沒有你的支付密碼或通行密鑰，錢動不了',
  'fast': '轉帳即時到帳',
  'fastNote': '送出前核對姓名、金額和費用',
  'open': '帳目看得明白',
  'openNote': '電子回單可公開驗證',
  'register': '開通通寶',
  'signIn': '登入',
  'about': '關於這家銀行',
}
