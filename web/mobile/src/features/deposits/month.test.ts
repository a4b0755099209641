import { expect, test } from 'vitest'
import { byDay, monthIn, shiftMonth, weeksOf } from './month'

test('a month is whole weeks from Monday on', () => {
  const weeks = weeksOf('2026-12')
  expect(weeks.map((week) => week[0]?.day)).toEqual(['2026-11-30', '2026-12-07', '2026-12-14', '2026-12-21', '2026-12-28'])
  expect(weeks[0]?.[0]?.other).toBe(true)
  expect(weeks.at(-1)?.at(-1)).toEqual({ day: '2027-01-03', other: true })
  expect(weeksOf('2027-02')).toHaveLength(4) // Monday 1 to Sunday 28
  expect(weeksOf('2028-02').flat().filter(({ other }) => !other)).toHaveLength(29)
})

test('months pass over the year', () => {
  expect([shiftMonth('2026-12', 1), shiftMonth('2027-01', -1), shiftMonth('2026-11', -23)]).toEqual(['2027-01', '2026-12', '2024-12'])
  expect([monthIn('2026-12'), monthIn('2026-13'), monthIn(['2026-12'])]).toEqual(['2026-12', undefined, undefined])
})

test('groups by day in order', () => {
  expect(byDay([{ on: '2026-12-21', n: 1 }, { on: '2026-12-03', n: 2 }, { on: '2026-12-21', n: 3 }])).toEqual([
    { day: '2026-12-03', items: [{ on: '2026-12-03', n: 2 }] },
    { day: '2026-12-21', items: [{ on: '2026-12-21', n: 1 }, { on: '2026-12-21', n: 3 }] },
  ])
})
