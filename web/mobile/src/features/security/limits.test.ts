import { expect, test } from 'vitest'
import { fitting, raises, type Own } from './use-limits'

const own = (single: string, daily: string, small = '0.00'): Own => ({ single: { amount: single, currency: 'CNY' }, daily: { amount: daily, currency: 'CNY' }, small: { amount: small, currency: 'CNY' } })

test('only what goes up needs a proof, to the cent', () => {
  expect(raises(own('100.00', '200.00'), own('99.99', '200.00'))).toBe(false)
  expect(raises(own('100.00', '200.00'), own('100.01', '200.00'))).toBe(true)
  expect(raises(own('9.00', '200.00'), own('10.00', '200.00'))).toBe(true)
})

test('a transfer is never more than a day', () => {
  const lower = own('500.00', '200.00')
  expect(fitting(lower, { daily: lower.daily })).toEqual(own('200.00', '200.00'))
  expect(fitting(lower, { single: lower.single })).toEqual(own('500.00', '500.00'))
  expect(fitting(own('100.00', '200.00'), {})).toEqual(own('100.00', '200.00'))
})
