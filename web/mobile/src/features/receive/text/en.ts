import type { Translation } from '@shared/i18n/text'
import type { messages as first } from './zh-hans'

export const messages: Translation<typeof first> = {
  'title': 'Receive',
  'codeLabel': 'My QR code',
  'hint': 'Whoever scans it with a camera or with Tongbao can pay you.',
  'save': 'Save picture',
  'fileName': 'my-tongbao-code',
  'shareTitle': 'Pay {name}',
  'linkCopied': 'Link copied',
  'byPhone': 'My phone number finds me',
  'byPhoneNote': 'Who knows your number can pay you, and sees your name only in part.',
  'byNumber': 'Or give your account number',
  'account': 'Account',
  'number': 'Number',
  'copy': 'Copy the number of the account ending in {tail}',
  'noAccount': 'You have no account to be paid into yet',
  'noAccountAct': 'Open one first',
}
