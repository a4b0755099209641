import { describe, expect, it, test } from 'vitest'
import { addMoney, cleanAmount, compareMoney, exponentOf, figureOf, formatMoney, formatTyped, minorOf, moneyOf, parseAmount, subtractMoney, symbolOf } from './money'

const cny = (amount: string) => ({ amount, currency: 'CNY' })

test.each([
  ['0', '¥0.00'],
  ['0.01', '¥0.01'],
  ['12.5', '¥12.50'],
  ['1280.50', '¥1,280.50'],
  ['-18', '−¥18.00'],
  ['92233720368547758.07', '¥92,233,720,368,547,758.07'], // more digits than a float holds
])('formats %s as %s', (amount, want) => {
  expect(formatMoney(cny(amount))).toBe(want)
})

describe('formatMoney', () => {
  it('knows currencies without and with three decimals', () => {
    expect(formatMoney({ amount: '1200', currency: 'JPY' })).toBe('JP¥1,200')
    expect(formatMoney({ amount: '1.5', currency: 'KWD' })).toMatch(/1\.500$/)
    expect(exponentOf('CNY')).toBe(2)
  })
  it('writes the yuan as ¥ and never the yen', () => {
    expect(symbolOf('CNY')).toBe('¥')
    expect(symbolOf('JPY')).not.toBe('¥')
  })
  it('writes a plus only when asked, and never before nothing', () => {
    expect(formatMoney(cny('500'), { sign: 'always' })).toBe('+¥500.00')
    expect(formatMoney(cny('0'), { sign: 'always' })).toBe('¥0.00')
    expect(formatMoney(cny('-5'), { sign: 'never', symbol: false })).toBe('5.00')
  })
  it('gives the parts of a figure for setting them apart', () => {
    expect(figureOf(cny('-128406.52'))).toEqual({ sign: '−', symbol: '¥', whole: '128,406', fraction: '52' })
  })
  it.each(['', '1e3', '1.234', '１２', '--1', 'NaN', '1,000'])('refuses %j from the wire', (amount) => {
    expect(() => formatMoney(cny(amount))).toThrow('money:')
  })
})

describe('arithmetic', () => {
  it('is exact where floats are not', () => {
    expect(addMoney(cny('0.1'), cny('0.2'))).toEqual(cny('0.30'))
    expect(subtractMoney(cny('90071992547409.93'), cny('0.01'))).toEqual(cny('90071992547409.92'))
  })
  it('refuses two currencies', () => {
    expect(() => addMoney(cny('1'), { amount: '1', currency: 'USD' })).toThrow('two currencies')
    expect(() => compareMoney(cny('1'), { amount: '1', currency: 'USD' })).toThrow('two currencies')
  })
  it('orders by value, not by text', () => {
    expect(compareMoney(cny('9'), cny('10'))).toBe(-1)
    expect(compareMoney(cny('1.10'), cny('1.1'))).toBe(0)
    expect(compareMoney(cny('-1'), cny('-2'))).toBe(1)
  })
  it('takes minor units there and back', () => {
    for (const minor of [0n, 1n, -1n, 99n, -100n, 123_456_789_012_345_678n]) expect(minorOf(moneyOf(minor, 'CNY'))).toBe(minor)
    expect(moneyOf(-5n, 'CNY').amount).toBe('-0.05')
    expect(moneyOf(5n, 'JPY').amount).toBe('5')
  })
})

describe('cleanAmount', () => {
  it.each([
    ['¥ 1,280.50', '1280.50'],
    ['１２３．４５', '123.45'],
    ['1 280.5元', '1280.5'],
    ['CNY 12', '12'],
    ['.5', '.5'],
  ])('reads %j as %j', (typed, want) => {
    expect(cleanAmount(typed)).toBe(want)
  })
  it.each(['12abc', '1.2.3', '-5', '1e5', '十二'])('does not guess at %j', (typed) => {
    expect(cleanAmount(typed)).toBeUndefined()
  })
})

describe('parseAmount', () => {
  it.each([
    ['12.', '12.00'],
    ['.5', '0.50'],
    ['007', '7.00'],
    ['1,280.5', '1280.50'],
  ])('takes %j as %j', (typed, amount) => {
    expect(parseAmount(typed, 'CNY')).toEqual({ ok: true, amount })
  })
  it.each([
    ['', 'empty'],
    ['.', 'empty'],
    ['0.00', 'zero'],
    ['1.234', 'precision'],
    ['12x', 'malformed'],
    ['1234567890123456', 'size'],
  ])('refuses %j: %s', (typed, error) => {
    expect(parseAmount(typed, 'CNY')).toEqual({ ok: false, error })
  })
  it('keeps to its bounds, to the last fen', () => {
    const bounds = { min: '1', max: '50000' }
    expect(parseAmount('50000', 'CNY', bounds).ok).toBe(true)
    expect(parseAmount('50000.01', 'CNY', bounds)).toEqual({ ok: false, error: 'above' })
    expect(parseAmount('0.99', 'CNY', bounds)).toEqual({ ok: false, error: 'below' })
  })
  it('takes no decimals of yen', () => {
    expect(parseAmount('5.0', 'JPY')).toEqual({ ok: false, error: 'precision' })
  })
})

test('groups an amount while it is typed', () => {
  expect(formatTyped('1280.5')).toBe('1,280.5')
  expect(formatTyped('12.')).toBe('12.')
  expect(formatTyped('')).toBe('')
})
