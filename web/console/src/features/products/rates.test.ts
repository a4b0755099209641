import { expect, test } from 'vitest'
import { ratesText, ratioOf, yuanOf } from './rates'

const money = (amount: string) => ({ amount, currency: 'CNY' })

test('per cent become a ratio without a float', () => {
  expect(['0.95', '1', '12.345678', '-0.5', '100', '0', '0.000001'].map(ratioOf)).toEqual(['0.0095', '0.01', '0.12345678', '-0.005', '1.00', '0.00', '0.00000001'])
  for (const wrong of ['', 'x', '1.1234567', '1e2', '--1', '1,5']) expect(ratioOf(wrong)).toBeUndefined()
})

test('amounts are yuan and fen', () => {
  expect(yuanOf('50')).toEqual({ amount: '50.00', currency: 'CNY' })
  expect(yuanOf('')).toEqual({ amount: '0.00', currency: 'CNY' })
  expect(yuanOf('1.234')).toBeUndefined()
})

test('rates are read on one line', () => {
  expect(ratesText([{ least: money('0.00'), percent: '0.95' }])).toBe('0.95 %')
  expect(ratesText([{ least: money('200000.00'), percent: '1.50' }, { least: money('1000000.00'), percent: '1.60' }])).toBe('≥ 200000.00: 1.50 %; ≥ 1000000.00: 1.60 %')
})
