import type { Translation } from '@shared/i18n/text'
import type { messages as first } from './zh-hans'

export const messages: Translation<typeof first> = {
  'title': 'Welcome',
  'lead': 'Money kept safe, and close at hand.',
  'safe': 'Nothing moves without you',
  'safeNote': 'Your PIN or passkey proves every payment',
  'fast': 'Transfers arrive at once',
  'fastNote': 'Name, amount and fee are checked before you send',
  'open': 'Every entry explained',
  'openNote': 'Receipts anyone can verify',
  'register': 'Open an account',
  'signIn': 'Sign in',
  'about': 'About this bank',
}
