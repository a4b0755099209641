import { expect, test } from 'vitest'
import { choicesOf, countHidden, queryOf, questionOf } from './choices'

test('choices survive the address bar', () => {
  const choices = { kind: 'term', currency: 'CNY', months: 12, amount: '10000.00', rate: '0.95', sort: 'rate' } as const
  expect(choicesOf(queryOf(choices))).toEqual(choices)
  expect(choicesOf({})).toEqual({})
})

test.each([
  [{ kind: 'lottery', sort: 'luck' }, {}],
  [{ months: '1.5', rate: '-1' }, {}],
  [{ months: '0', amount: 'all' }, {}],
  [{ amount: '1,000', months: ['3', '6'] }, { amount: '1000.00' }],
])('an address that was typed by hand is read as far as it goes: %j', (query, want) => {
  expect(choicesOf(query)).toEqual(want)
})

test.each([['1.5', '0.015'], ['0.95', '0.0095'], ['2', '0.02'], ['12.25', '0.1225']])('%s per cent are asked for as %s', (rate, minRate) => {
  expect(questionOf({ rate, kind: 'term' })).toEqual({ kind: 'term', minRate })
})

test('counts what only the sheet shows', () => {
  expect(countHidden({ kind: 'term' })).toBe(0)
  expect(countHidden({ months: 12, sort: 'rate', rate: '1' })).toBe(3)
})
