import type { Translation } from '@shared/i18n/text'
import type { messages as first } from './zh-hans'

export const messages: Translation<typeof first> = {
  'title': '訊息',
  'yesterday': '昨天',
  'unread': '未讀',
  'readAll': '全部標為已讀，{count} 則未讀',
  'openSubject': '查看詳情',
  'close': '關閉',
  'empty': '尚無訊息',
  'emptyHint': '到帳、安全提醒和業務進度都會出現在這裡。',
  'preferences': '通知設定',
  'category.transaction': '交易',
  'category.security': '安全',
  'category.service': '服務',
  'category.marketing': '活動與優惠',
  'channel.inbox': '站內訊息',
  'channel.mail': '郵件',
  'channel.sms': '簡訊',
  'fixed': '為了你的安全，始終通知',
}
