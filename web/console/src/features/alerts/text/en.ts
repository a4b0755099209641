import type { Translation } from '@shared/i18n/text'
import type { messages as first } from './zh-hans'

export const messages: Translation<typeof first> = {
  'title': 'Insider alerts',
  'lead': 'Looks that are not like work, for compliance to clear up.',
  'closed': 'Closed ones too',
  'empty': 'No alerts',
  'kind': 'Kind',
  'kind.many': 'More looks in a day than work needs',
  'kind.own': 'At one’s own data',
  'kind.relative': 'At a relative’s',
  'kind.colleague': 'At a colleague’s',
  'kind.hours': 'While the bank is closed',
  'kind.refused': 'At what is not allowed',
  'staff': 'Staff',
  'customer': 'Customer',
  'looks': 'Looks that day',
  'at': 'Time',
  'finding': 'Finding',
  'finding.work': 'Work',
  'finding.minor': 'Minor',
  'finding.breach': 'Breach',
  'close': 'Close',
  'closeTitle': 'Close the alert',
  'closeText': 'Choose a finding and say what was found.',
  'done': 'Closed',
}
