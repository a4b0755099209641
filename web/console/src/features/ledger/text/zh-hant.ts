import type { Translation } from '@shared/i18n/text'
import type { messages as first } from './zh-hans'

export const messages: Translation<typeof first> = {
  'title': '總帳',
  'lead': '借貸相等，天天如此。',
  'on': '營業日',
  'account': '科目帳戶',
  'name': '科目',
  'code': '程式碼',
  'branch': '網點',
  'debit': '借方發生',
  'credit': '貸方發生',
  'balance': '餘額',
  'totals': '合計',
  'even': '借貸相等',
  'uneven': '借貸不相等，請立即報告',
  'entries': '分錄',
  'journal': '憑證',
  'at': '時間',
  'day': '營業日',
  'act': '事項',
  'reference': '關聯',
  'amount': '金額',
  'empty': '沒有分錄',
  'zero': '含零餘額',
}
