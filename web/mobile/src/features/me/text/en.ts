import type { Translation } from '@shared/i18n/text'
import type { messages as first } from './zh-hans'

export const messages: Translation<typeof first> = {
  'title': 'Me',
  'unnamed': 'Tongbao customer',
  'money': 'My money',
  'safety': 'Safety',
  'more': 'More',
  'unreachable': 'The bank cannot be reached right now',
  'signOut': 'Sign out',
  'signOutTitle': 'Sign out?',
  'signOutText': 'You will need to sign in next time. This device stays known.',
}
