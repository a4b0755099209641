import type { Translation } from '@shared/i18n/text'
import type { messages as first } from './zh-hans'

export const messages: Translation<typeof first> = {
  'title': 'Payee book',
  'find': 'Name, nickname or account',
  'none': 'Nobody found',
  'add': 'Add a payee',
  'added': '{name} is in your book',
  'empty': 'Your book is empty',
  'emptyHint': 'Keep the people you pay often: one tap instead of a long number.',
  'named': '{nickname} ({name})',
  'more': 'More about {name}',
  'pay': 'Pay',
  'nickname': 'Nickname',
  'nicknameHint': 'At most 20 characters; only you see it.',
  'remove': 'Remove from the book',
  'removeShort': 'Remove',
  'removeTitle': 'Remove {name}?',
  'removeText': 'Your transactions stay as they are.',
  'removed': 'Removed',
  'number': 'Account, mobile number or QR code text',
  'numberWrong': 'This is no account number, mobile number or code of ours. Please check it.',
  'name': 'Name',
  'nameHint': 'Compared with the holder of the account.',
}
