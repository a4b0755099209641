import type { Translation } from '@shared/i18n/text'
import type { messages as first } from './zh-hans'

export const messages: Translation<typeof first> = {
  'title': '收款',
  'codeLabel': '我的收款碼',
  'hint': '對方用相機或通寶掃一掃，就能轉給你。',
  'save': '儲存圖片',
  'fileName': '我的收款碼',
  'shareTitle': '轉帳給 {name}',
  'linkCopied': '收款連結已複製',
  'byPhone': '允許用手機號找到我',
  'byPhoneNote': '知道你手機號的人可以直接轉帳，只看到隱去的姓名。',
  'byNumber': '或把帳號給對方',
  'account': '帳戶',
  'number': '帳號',
  'copy': '複製尾號 {tail} 的帳號',
  'noAccount': '尚無收款帳戶',
  'noAccountAct': '先去開立帳戶',
}
