import type { Translation } from '@shared/i18n/text'
import type { messages as first } from './zh-hans'

export const messages: Translation<typeof first> = {
  'title': 'Home',
  'morning': 'Good morning, {name}',
  'afternoon': 'Good afternoon, {name}',
  'evening': 'Good evening, {name}',
  'hello': 'Hello',
  'menu': 'Open the menu',
  'messages': 'Messages',
  'search': 'Search',
  'scan': 'Scan',
  'acts': 'Quick acts',
}
