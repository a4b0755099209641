import { expect, test } from 'vitest'
import { emptyGoal, formOf, goalOf } from './goal'

const yuan = (amount: string) => ({ amount, currency: 'CNY' })

test('a plan survives its form', () => {
  const goal = { name: '自行车', target: yuan('2000.00'), targetOn: '2027-06-01', roundTo: yuan('10.00'), monthly: yuan('300.00'), day: 8 }
  expect(goalOf(formOf({ goal }), 'CNY')).toEqual({ ok: true, goal })
})

test('what is switched off is not sent, whatever was typed', () => {
  expect(goalOf({ ...emptyGoal, name: '  ', monthly: '300', roundTo: '5.00' }, 'CNY')).toEqual({ ok: true, goal: {} })
})

test('says which sum is none', () => {
  expect(goalOf({ ...emptyGoal, target: '0' }, 'CNY')).toEqual({ ok: false, field: 'target' })
  expect(goalOf({ ...emptyGoal, standing: true, monthly: '' }, 'CNY')).toEqual({ ok: false, field: 'monthly' })
})
