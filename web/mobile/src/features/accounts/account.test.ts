import { expect, test } from 'vitest'
import { accountName, grouped, leftToday } from './account'

const yuan = (amount: string) => ({ amount, currency: 'CNY' })
const limit = (kind: 'mobile_day' | 'mobile_year' | 'class_out_day' | 'small_day', left: string) => ({ kind, left: yuan(left), most: yuan('999.00'), used: yuan('0.00'), resetsAt: '2026-11-23T00:00:00+08:00' })

test('today’s tightest limit counts, not a year’s and not that of small payments', () => {
  const limits = [{ accountId: 'a', limits: [limit('mobile_day', '500.00'), limit('class_out_day', '90.00'), limit('mobile_year', '10.00'), limit('small_day', '1.00')], receiving: [] }]
  expect(leftToday(limits, 'a')).toEqual(yuan('90.00'))
  expect(leftToday(limits, 'b')).toBeUndefined()
})

test('the person’s own name for an account comes first', () => {
  expect(accountName({ nickname: '工资卡', productName: '活期' })).toBe('工资卡')
  expect(accountName({ nickname: '', productName: '活期' })).toBe('活期')
})

test('a number is read in fours', () => {
  expect(grouped('6217000000000003313')).toBe('6217 0000 0000 0003 313')
})
