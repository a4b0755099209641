import type { Wire } from '@console/api'

export type Month = { first: string; blanks: number; days: Wire<'WorkingDay'>[] }

/** The days of a year by month; blanks bring the first under its day of the week, Monday first. */
export function monthsOf(days: readonly Wire<'WorkingDay'>[]): Month[] {
  const months: Month[] = []
  for (const day of days) {
    let month = months.at(-1)
    if (month === undefined || month.first.slice(0, 7) !== day.date.slice(0, 7)) {
      month = { first: day.date, blanks: (new Date(`${day.date}T00:00:00Z`).getUTCDay() + 6) % 7, days: [] }
      months.push(month)
    }
    month.days.push(day)
  }
  return months
}
