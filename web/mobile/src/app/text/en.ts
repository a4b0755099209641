import type { Translation } from '@shared/i18n/text'
import type { messages as first } from './zh-hans'

export const messages: Translation<typeof first> = {
  'place.home': 'Home',
  'place.wealth': 'Wealth',
  'place.pay': 'Pay',
  'place.life': 'Life',
  'place.messages': 'Messages',
  'place.me': 'Me',
  'drawer.open': 'Open the menu',
  'drawer.title': 'Tongbao',
  'drawer.welcome': 'Welcome',
  'drawer.settings': 'Settings',
  'drawer.security': 'Security',
  'drawer.language': 'Language',
  'drawer.help': 'Help',
  'drawer.about': 'About',
  'drawer.large': 'Large type',
  'drawer.largeNote': 'Bigger words, bigger buttons',
  'update.ready': 'A new version is ready',
  'update.take': 'Update',
  'missing.title': 'There is no such page',
  'missing.text': 'It may have moved, or the address is not right.',
  'missing.home': 'Go to home',
}
