import { shiftDay } from '@shared/values/dates'

/** A day of a month's grid; `other` belongs to the month before or after. */
export type Cell = { day: string; other: boolean }

const weekDays = 7

/** The weeks of a month (2026-12), Monday first, filled up with the days around it. */
export function weeksOf(month: string): Cell[][] {
  const first = `${month}-01`
  const weekday = (new Date(`${first}T00:00:00Z`).getUTCDay() + 6) % weekDays
  const weeks: Cell[][] = []
  for (let day = shiftDay(first, -weekday); weeks.length === 0 || day.slice(0, 7) <= month; ) {
    weeks.push(Array.from({ length: weekDays }, (_, index) => ({ day: shiftDay(day, index), other: !shiftDay(day, index).startsWith(month) })))
    day = shiftDay(day, weekDays)
  }
  return weeks
}

/** Moves a month (2026-12) by whole months. */
export function shiftMonth(month: string, by: number): string {
  const [year = 0, number = 1] = month.split('-').map(Number)
  const moved = year * 12 + number - 1 + by
  return `${String(Math.floor(moved / 12)).padStart(4, '0')}-${String((moved % 12) + 1).padStart(2, '0')}`
}

/** A month of an address; undefined for what is none. */
export function monthIn(value: unknown): string | undefined {
  return typeof value === 'string' && /^\d{4}-(0[1-9]|1[0-2])$/.test(value) ? value : undefined
}

/** Groups by day, in the order of the days. */
export function byDay<T extends { on: string }>(all: readonly T[]): { day: string; items: T[] }[] {
  const days = new Map<string, T[]>()
  for (const one of all.toSorted((a, b) => a.on.localeCompare(b.on))) days.set(one.on, [...(days.get(one.on) ?? []), one])
  return [...days].map(([day, items]) => ({ day, items }))
}
