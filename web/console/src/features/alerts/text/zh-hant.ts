import type { Translation } from '@shared/i18n/text'
import type { messages as first } from './zh-hans'

export const messages: Translation<typeof first> = {
  'title': '內控提醒',
  'lead': '不像工作的檢視，由合規查清。',
  'closed': '含已結',
  'empty': '沒有提醒',
  'kind': '型別',
  'kind.many': '一天內檢視過多',
  'kind.own': '檢視自己',
  'kind.relative': '檢視親屬',
  'kind.colleague': '檢視同事',
  'kind.hours': '非營業時間檢視',
  'kind.refused': '嘗試無權檢視的內容',
  'staff': '員工',
  'customer': '客戶',
  'looks': '當日檢視',
  'at': '時間',
  'finding': '結論',
  'finding.work': '屬於工作',
  'finding.minor': '輕微不當',
  'finding.breach': '違規',
  'close': '結案',
  'closeTitle': '結案',
  'closeText': '選擇結論並寫明查到了什麼。',
  'done': '已結案',
}
