import type { Translation } from '@shared/i18n/text'
import type { messages as first } from './zh-hans'

export const messages: Translation<typeof first> = {
  'title': 'Ledger',
  'lead': 'Debits equal credits, every day.',
  'on': 'Business day',
  'account': 'Account',
  'name': 'Heading',
  'code': 'Code',
  'branch': 'Branch',
  'debit': 'Debits',
  'credit': 'Credits',
  'balance': 'Balance',
  'totals': 'Totals',
  'even': 'Debits equal credits',
  'uneven': 'Debits and credits differ: report this at once',
  'entries': 'Entries',
  'journal': 'Journal',
  'at': 'Time',
  'day': 'Day',
  'act': 'Act',
  'reference': 'Reference',
  'amount': 'Amount',
  'empty': 'No entries',
  'zero': 'Zero balances too',
}
