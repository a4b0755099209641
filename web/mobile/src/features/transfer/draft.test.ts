import { afterEach, describe, expect, it, test } from 'vitest'
import { begin, drop, keep, payeeOf, recall } from './draft'

afterEach(() => sessionStorage.clear())

describe('payeeOf', () => {
  it.each([
    ['13900010010', { phone: '13900010010' }],
    ['+86 139 0001 0010', { phone: '13900010010' }],
    ['139-0001-0010', { phone: '13900010010' }],
    ['１３９０００１００１０', { phone: '13900010010' }],
    ['6217 0000 0000 0003 313', { accountNumber: '6217000000000003313' }],
    ['https://bank.example/pay/Ab_c-9', { qr: 'https://bank.example/pay/Ab_c-9' }],
  ])('reads %s', (typed, want) => expect(payeeOf(typed)).toEqual(want))
  it.each(['', '王小明', '139000100', '62170000000000033130000', 'https://bank.example/r/abc', '12345'])('does not guess at %j', (typed) => expect(payeeOf(typed)).toBeUndefined())
})

describe('what is kept of a payment', () => {
  it('survives a reload with its key', () => {
    const first = begin('cust_1')
    keep({ ...first, draft: { ...first.draft, amount: '12.5' } })
    expect(recall('cust_1')).toMatchObject({ key: first.key, draft: { amount: '12.5' } })
  })
  it('is nobody else’s', () => {
    const first = begin('cust_1')
    keep(first)
    expect(recall('cust_2').key).not.toBe(first.key)
  })
  it('is gone after the result', () => {
    const first = begin('cust_1')
    keep(first)
    drop()
    expect(recall('cust_1').key).not.toBe(first.key)
  })
  it.each(['', 'nonsense', '{}', '[]', '{"customer":"cust_1"}'])('passes over a record that is none: %j', (stored) => {
    sessionStorage.setItem('tongbao.transfer', stored)
    expect(recall('cust_1').draft.amount).toBe('')
  })
})

test('each form has a key of its own', () => {
  expect(begin('cust_1').key).not.toBe(begin('cust_1').key)
})
