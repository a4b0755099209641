import { expect, test } from 'vitest'
import { groupByMonth, idOf, pageOf, signed, type Transaction } from './groups'

const yuan = (amount: string) => ({ amount, currency: 'CNY' })
const on = (businessDate: string, id: string): Transaction => ({
  id, businessDate, accountId: 'acct_1', accountTail: '0384', at: `${businessDate}T02:00:00Z`, direction: 'out', kind: 'transfer_out', title: '转出', amount: yuan('1.00'), balanceAfter: yuan('9.00'), reversed: false,
})

test('cuts a list into months and days, with the bank’s totals', () => {
  const totals = [{ month: '2026-11', in: yuan('5.00'), inCount: 1, out: yuan('3.00'), outCount: 3 }]
  const groups = groupByMonth([on('2026-11-22', 'a'), on('2026-11-22', 'b'), on('2026-11-01', 'c'), on('2026-10-31', 'd')], totals)
  expect(groups.map(({ month, totals: of, days }) => [month, of?.out.amount, days.map(({ day, items }) => [day, items.length])])).toEqual([
    ['2026-11', '3.00', [['2026-11-22', 2], ['2026-11-01', 1]]],
    ['2026-10', undefined, [['2026-10-31', 1]]],
  ])
  expect(groupByMonth([], [])).toEqual([])
})

test('what goes out has a minus', () => {
  expect(signed({ amount: yuan('1.00'), direction: 'out' }).amount).toBe('-1.00')
  expect(signed({ amount: yuan('1.00'), direction: 'in' }).amount).toBe('1.00')
})

test('an id survives its address', () => {
  const page = pageOf('acct_1j44.627')
  expect(page).toEqual({ name: 'transaction', params: { id: 'acct_1j44-627' } })
  expect(idOf('acct_1j44-627')).toBe('acct_1j44.627')
})
