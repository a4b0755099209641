import { expect, test } from 'vitest'
import { countHidden, filtersOf, queryOf, questionOf } from './filters'

test('filters survive the address bar', () => {
  const filters = { account: 'acct_1', from: '2026-11-01', to: '2026-11-22', direction: 'out', min: '10.00', max: '99.50', find: '房租' } as const
  expect(filtersOf(queryOf(filters))).toEqual(filters)
})

test.each([
  [{ direction: 'sideways' }, {}],
  [{ from: '2026-02-30', to: 'yesterday' }, {}],
  [{ min: '-5', max: '1e9' }, {}],
  [{ min: '1,000' }, { min: '1000.00' }],
  [{ find: '   ' }, {}],
  [{ find: ['a', 'b'] }, {}],
  [{ open: 'x', direction: 'in' }, { direction: 'in' }],
])('an address that was typed by hand is read as far as it goes: %j', (query, want) => {
  expect(filtersOf(query)).toEqual(want)
})

test('the bank is asked in its own words', () => {
  expect(questionOf({ account: 'acct_1', find: '王', min: '1.00' })).toEqual({ accountId: 'acct_1', q: '王', min: '1.00' })
  expect(questionOf({})).toEqual({})
})

test('counts what only the sheet shows', () => {
  expect(countHidden({ direction: 'in', find: 'x' })).toBe(0)
  expect(countHidden({ account: 'a', from: '2026-01-01', to: '2026-01-31', min: '1.00' })).toBe(3)
})
