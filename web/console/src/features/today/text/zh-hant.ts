import type { Translation } from '@shared/i18n/text'
import type { messages as first } from './zh-hans'

export const messages: Translation<typeof first> = {
  'title': '今日',
  'waiting': '等我處理',
  'approvals': '審批',
  'verifications': '身份核驗',
  'alerts': '內控提醒',
  'nothing': '沒有等你處理的事',
  'nothingHint': '有許可權的工作在左邊。',
  'all': '全部',
  'mine': '我提出的',
  'noMine': '你還沒有提出過',
  'limits': '今天',
  'looks': '還可檢視的資料',
  'session': '會話到',
  'roles': '我的崗位',
  'branch': '網點',
  'expires': '{date} 到期',
}
