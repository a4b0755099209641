import { describe, expect, it } from 'vitest'
import { meaning } from './find'

describe('what is typed into the field that finds everything', () => {
  it.each([
    ['13900000001', { customer: { by: 'contact', value: '13900000001' } }],
    ['139 0000 0001', { customer: { by: 'contact', value: '13900000001' } }],
    ['+85291234567', { customer: { by: 'contact', value: '+85291234567' } }],
    ['lin@bank.example', { customer: { by: 'contact', value: 'lin@bank.example' } }],
    ['11010519491231002x', { customer: { by: 'idNumber', value: '11010519491231002X' } }],
    ['6222 0200 0000 0000 017', { customer: { by: 'account', value: '6222020000000000017' } }],
    ['周宁', { customer: { by: 'name', value: '周宁' } }],
    ['trfr_01abc', { page: { name: 'payment', params: { id: 'trfr_01abc' } } }],
  ])('reads %s', (typed, meant) => expect(meaning(typed)).toEqual(meant))

  it('reads full-width digits as digits', () => expect(meaning('１３９０００００００１')).toEqual({ customer: { by: 'contact', value: '13900000001' } }))
  it('means nothing by nothing', () => expect(meaning('  ')).toBeUndefined())
})
