import { expect, test } from 'vitest'
import { matching } from './use-payees'

const book = [
  { id: '1', name: '姜*', nickname: '妈妈', account: '6217 **** **** 0400', madeAt: '' },
  { id: '2', name: 'J*** Doe', account: '6217 **** **** 0418', madeAt: '' },
]

test.each([
  ['', ['1', '2']],
  ['妈', ['1']],
  ['j', ['2']],
  ['0418', ['2']],
  ['6217****', ['1', '2']],
  ['０４００', ['1']],
  ['谁', []],
])('finds by %j', (typed, ids) => expect(matching(book, typed).map(({ id }) => id)).toEqual(ids))
