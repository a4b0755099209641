import type { Translation } from '@shared/i18n/text'
import type { messages as first } from './zh-hans'

export const messages: Translation<typeof first> = {
  'title': '收款人名冊',
  'find': '搜姓名、備註或帳號',
  'none': '沒有找到',
  'add': '新增收款人',
  'added': '已新增 {name}',
  'empty': '名冊是空的',
  'emptyHint': '把常轉的人記下來，以後一點就能轉，不用再輸帳號。',
  'named': '{nickname}（{name}）',
  'more': '{name} 的更多操作',
  'pay': '轉帳',
  'nickname': '備註名',
  'nicknameHint': '最多 20 個字，只有你看得到。',
  'remove': '從名冊移除',
  'removeShort': '移除',
  'removeTitle': '移除 {name}？',
  'removeText': '不影響已有的交易記錄。',
  'removed': '已移除',
  'number': '帳號、手機號或收款碼',
  'numberWrong': '認不出這是帳號、手機號或收款碼，請核對。',
  'name': '姓名',
  'nameHint': '填了會與帳戶姓名核對。',
}
