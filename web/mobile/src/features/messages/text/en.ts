import type { Translation } from '@shared/i18n/text'
import type { messages as first } from './zh-hans'

export const messages: Translation<typeof first> = {
  'title': 'Messages',
  'yesterday': 'Yesterday',
  'unread': 'Unread',
  'readAll': 'Mark all as read, {count} unread',
  'openSubject': 'See more',
  'close': 'Close',
  'empty': 'No messages yet',
  'emptyHint': 'Money that arrives, security warnings and news of your requests appear here.',
  'preferences': 'Notifications',
  'category.transaction': 'Transactions',
  'category.security': 'Security',
  'category.service': 'Service',
  'category.marketing': 'Offers',
  'channel.inbox': 'In the app',
  'channel.mail': 'E-mail',
  'channel.sms': 'SMS',
  'fixed': 'Always, to keep you safe',
}
