import { describe, expect, it } from 'vitest'
import { sumsOf } from './sums'

const line = (debit: string, credit: string, currency = 'CNY') => ({
  account: 'a', code: '1001', branch: '0001', debit: { amount: debit, currency }, credit: { amount: credit, currency }, balance: { amount: '0.00', currency },
})

describe('the sums of a trial balance', () => {
  it('are even when debits equal credits', () =>
    expect(sumsOf([line('10.00', '0.00'), line('0.00', '10.00')])).toEqual([{ currency: 'CNY', debit: { amount: '10.00', currency: 'CNY' }, credit: { amount: '10.00', currency: 'CNY' }, even: true }]))
  it('tell a difference of one cent', () => expect(sumsOf([line('10.01', '0.00'), line('0.00', '10.00')])[0]?.even).toBe(false))
  it('keep currencies apart', () => expect(sumsOf([line('1.00', '1.00'), line('5', '5', 'JPY')]).map(({ currency }) => currency)).toEqual(['CNY', 'JPY']))
})
