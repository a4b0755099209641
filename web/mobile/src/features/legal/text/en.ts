import type { Translation } from '@shared/i18n/text'
import type { messages as first } from './zh-hans'

export const messages: Translation<typeof first> = {
  'title': 'Terms and policies',
  'lead': 'As they are in force now. What you agreed to is under My data and consents, where you may withdraw it.',
  'necessary': 'Necessary',
  'optional': 'Optional',
  'version': 'Version {n}',
}
