import { expect, test } from 'vitest'
import { amountOf, weigh } from './lines'

test('an amount is yuan and fen, more than nothing', () => {
  expect(amountOf(' 12.5 ')).toEqual({ amount: '12.50', currency: 'CNY' })
  expect(amountOf('007')).toEqual({ amount: '7.00', currency: 'CNY' })
  for (const wrong of ['', '0', '0.00', '-1', '1.234', '1,000', '1e3']) expect(amountOf(wrong)).toBeUndefined()
})

test('a journal is complete when all its lines are and both sides are equal', () => {
  const debit = { account: 'glac_100101_CNY_0001', side: 'debit', amount: '3' } as const
  const credit = { account: 'glac_224101_CNY_0001', side: 'credit', amount: '3.00' } as const
  expect(weigh([debit, credit]).complete).toBe(true)
  expect(weigh([debit, { ...credit, amount: '2.99' }]).complete).toBe(false)
  expect(weigh([debit, { ...credit, account: ' ' }]).complete).toBe(false)
  expect(weigh([debit]).complete).toBe(false)
})
