import { expect, test } from 'vitest'
import { amountOf } from './amount'

test.each([['1280.50', '1280.50'], ['1,280', '1280'], [' 0.01 ', '0.01']])('reads %s', (text, amount) => {
  expect(amountOf(text)).toEqual({ amount, currency: 'CNY' })
})

test.each(['', '0', '0.00', '-1', '1.234', '1e3', '十'])('refuses %s', (text) => {
  expect(amountOf(text)).toBeUndefined()
})
