import { describe, expect, it, test } from 'vitest'
import { abilities, daysBetween, firstNoticeDay, missingOf, monthlyNeed, monthsBetween, reachedPercent, summaries, takesParts, type Deposit } from './deposit'

const yuan = (amount: string) => ({ amount, currency: 'CNY' })
const term: Deposit = {
  id: 'acct_1', productCode: 'term_1y', productName: '整存整取 一年', kind: 'term', state: 'open', accountId: 'acct_0', balance: yuan('10000.00'), rate: '0.0095', percent: '0.95',
  accrued: yuan('12.50'), openedOn: '2026-01-05', beganOn: '2026-01-05', maturesOn: '2027-01-05', matured: false, rollover: 'none', rollovers: ['none', 'payout'], earlyTaken: 0,
  terms: { months: 12, noticeDays: 0, leastLeft: yuan('50.00'), leastOut: yuan('0.00'), earlyPartial: 1, transferable: false, dayCount: 'anniversary' }, earning: [],
}
const pot: Deposit = { ...term, id: 'acct_2', kind: 'pot', balance: yuan('420.00'), accrued: yuan('0.01'), rollovers: ['none'], goal: { target: yuan('1000.00'), reachedRatio: '0.42' } }
delete pot.maturesOn

describe('summaries', () => {
  it('adds up what is open, and finds the next last day', () => {
    const later = { ...term, id: 'acct_3', maturesOn: '2028-01-01' }
    expect(summaries([later, term, pot, { ...term, state: 'closed' }])).toEqual([{ currency: 'CNY', total: yuan('20420.00'), accrued: yuan('25.01'), next: term }])
  })
  it('keeps currencies apart, and has the home currency always', () => {
    const dollars = { ...term, balance: { amount: '5.00', currency: 'USD' }, accrued: { amount: '0.10', currency: 'USD' } }
    expect(summaries([dollars]).map(({ currency, total }) => [currency, total.amount])).toEqual([['CNY', '0.00'], ['USD', '5.00']])
  })
})

describe('a pot', () => {
  it('says how far it has come, never more than all', () => {
    expect(reachedPercent(pot)).toBe(42)
    expect(reachedPercent({ goal: { reachedRatio: '0.29' } })).toBe(29)
    expect(reachedPercent({ goal: { reachedRatio: '1.70' } })).toBe(100)
    expect(reachedPercent({ goal: {} })).toBeUndefined()
  })
  it('says what is missing', () => {
    expect(missingOf(pot)).toEqual(yuan('580.00'))
    expect(missingOf({ ...pot, balance: yuan('1000.00') })).toBeUndefined()
  })
  it('says what each month would take, to the fen and rounded up', () => {
    expect(monthlyNeed(yuan('1000.00'), yuan('0.00'), '2026-11-30', '2027-02-28')).toEqual(yuan('500.00'))
    expect(monthlyNeed(yuan('100.00'), yuan('0.00'), '2026-11-01', '2027-02-01')).toEqual(yuan('33.34'))
    expect(monthlyNeed(yuan('100.00'), yuan('100.00'), '2026-11-01', '2027-02-01')).toBeUndefined()
    expect(monthlyNeed(yuan('100.00'), yuan('0.00'), '2026-11-01', '2026-11-01')).toBeUndefined()
  })
})

test('days and months are those of the calendar', () => {
  expect(daysBetween('2028-02-28', '2028-03-01')).toBe(2)
  expect(daysBetween('2026-11-22', '2026-11-20')).toBe(-2)
  expect(monthsBetween('2026-11-30', '2027-02-28')).toBe(2)
  expect(firstNoticeDay('2026-12-28', { terms: { ...term.terms, noticeDays: 7 } })).toBe('2027-01-04')
})

describe('what can be done', () => {
  it('is little with what is closed, and nothing more is offered twice', () => {
    expect(abilities({ ...term, state: 'closed' }, false)).toEqual([])
    const certificate = { ...term, terms: { ...term.terms, transferable: true } }
    expect(abilities(certificate, false)).toEqual(['withdraw', 'offer', 'rollover'])
    expect(abilities(certificate, true)).toEqual(['withdraw', 'rollover'])
  })
  it('a missed instalment can be made up until the plan has ended', () => {
    const plan = { ...term, kind: 'instalment' as const, instalment: { monthly: yuan('500.00'), collected: 3, of: 12, missed: 1, stopped: false } }
    expect(abilities(plan, false)).toContain('add')
    expect(abilities({ ...plan, instalment: { ...plan.instalment, missed: 2, stopped: true } }, false)).not.toContain('add')
  })
  it('a part can be taken as often as the terms say', () => {
    expect(takesParts(term)).toBe(true)
    expect(takesParts({ ...term, earlyTaken: 1 })).toBe(false)
    expect(takesParts({ ...term, earlyTaken: 1, matured: true })).toBe(true)
    expect(takesParts({ ...term, kind: 'notice', terms: { ...term.terms, earlyPartial: -1 }, earlyTaken: 9 })).toBe(true)
    expect(takesParts({ ...term, kind: 'instalment' })).toBe(false)
  })
})
