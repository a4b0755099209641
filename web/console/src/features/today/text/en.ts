import type { Translation } from '@shared/i18n/text'
import type { messages as first } from './zh-hans'

export const messages: Translation<typeof first> = {
  'title': 'Today',
  'waiting': 'Waiting for me',
  'approvals': 'Approvals',
  'verifications': 'Verifications',
  'alerts': 'Insider alerts',
  'nothing': 'Nothing waits for you',
  'nothingHint': 'The work you may do is on the left.',
  'all': 'All',
  'mine': 'Asked by me',
  'noMine': 'You have not asked for anything yet',
  'limits': 'Today',
  'looks': 'Fields left to reveal',
  'session': 'Session until',
  'roles': 'My roles',
  'branch': 'Branch',
  'expires': 'Expires {date}',
}
