import type { Translation } from '@shared/i18n/text'
import type { messages as first } from './zh-hans'

export const messages: Translation<typeof first> = {
  'title': 'Settings',
  'about': 'About Tongbao',
  'language': 'Language',
  'languageAuto': 'Follow the browser',
  'look': 'Appearance',
  'theme': 'Colour scheme',
  'system': 'System',
  'light': 'Light',
  'dark': 'Dark',
  'large': 'Large type',
  'largeNote': 'Bigger words and buttons, easier to read',
  'gains': 'Colour of gains',
  'gainsRed': 'Red is up',
  'gainsGreen': 'Green is up',
  'sample': 'Looks like this',
  'stored': 'These choices are kept on this device only.',
  'aboutLead': 'Tongbao is an open-source mobile banking platform.',
  'aboutMark': 'The mark is an old coin, round with a square hole: fair outside, upright within.',
  'version': 'App version',
  'bank': 'Bank',
  'licence': 'Licence',
  'update': 'Check for updates',
  'updateNone': 'You have the latest version',
  'demo': 'This is a demo bank: the money is not real.',
}
