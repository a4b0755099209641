import type { Translation } from '@shared/i18n/text'
import type { messages as first } from './zh-hans'

export const messages: Translation<typeof first> = {
  'title': 'Pay',
  'lead': 'What would you like to do?',
  'again': 'Pay again',
  'all': 'All payees',
}
