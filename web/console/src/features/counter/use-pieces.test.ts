import { expect, test } from 'vitest'
import { countedOf, worthOf } from './use-pieces'

const denominations = [{ code: 'note', currency: 'CNY', kind: 'note' as const, minor: 10000 }, { code: 'coin', currency: 'CNY', kind: 'coin' as const, minor: 10 }]

test('adds pieces without a float', () => {
  expect(worthOf({ note: 3, coin: 3 }, denominations)).toEqual({ amount: '300.30', currency: 'CNY' })
  expect(worthOf({ other: 5 }, denominations).amount).toBe('0.00')
})

test('leaves out what is not there', () => expect(countedOf({ note: 0, coin: 2 })).toEqual({ coin: 2 }))
