import type { components } from '@shared/api/mobile'
import type { Money } from '@shared/values/money'
import type { RouteLocationRaw } from 'vue-router'

export type Transaction = components['schemas']['Transaction']
export type Month = components['schemas']['Month']
export type DayGroup = { day: string; items: readonly Transaction[] }
export type MonthGroup = { month: string; totals: Month | undefined; days: readonly DayGroup[] }

/** Cuts a list, newest first, into months with the bank's totals and days. Totals are of the whole month, not of what is on the screen. */
export function groupByMonth(items: readonly Transaction[], totals: readonly Month[]): MonthGroup[] {
  return cut(items, (item) => item.businessDate.slice(0, 7)).map(([month, inMonth]) => ({
    month,
    totals: totals.find((total) => total.month === month),
    days: cut(inMonth, (item) => item.businessDate).map(([day, inDay]) => ({ day, items: inDay })),
  }))
}

function cut<T>(items: readonly T[], keyOf: (item: T) => string): [key: string, items: T[]][] {
  const groups: [string, T[]][] = []
  for (const item of items) {
    const last = groups.at(-1)
    if (last?.[0] === keyOf(item)) last[1].push(item)
    else groups.push([keyOf(item), [item]])
  }
  return groups
}

/** The amount with the sign of its direction. */
export function signed({ amount, direction }: Pick<Transaction, 'amount' | 'direction'>): Money {
  return direction === 'out' ? { ...amount, amount: `-${amount.amount}` } : amount
}

/** The page of a transaction. Its id has a dot, which servers take for a file's: the address has a dash instead. */
export function pageOf(id: string): RouteLocationRaw {
  return { name: 'transaction', params: { id: id.replace('.', '-') } }
}

/** The id in the address of a transaction's page. */
export function idOf(address: string): string {
  return address.replace('-', '.')
}
