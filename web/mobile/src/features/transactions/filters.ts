import { parseAmount } from '@shared/values/money'
import type { LocationQuery } from 'vue-router'

/** What a person looks for among transactions. It lives in the address bar, so that a reload, a back and a shared link keep it. */
export type Filters = {
  account?: string
  /** First and last business date, 2026-11-22. */
  from?: string
  to?: string
  direction?: 'in' | 'out'
  /** Least and greatest amount, exact decimals of yuan. */
  min?: string
  max?: string
  /** Part of the other party's name or number, or of the memo. */
  find?: string
}

/** Longest search that the bank takes. */
export const findMax = 60

/** Reads filters from an address. What could not be one is left out: an address may be typed by hand. */
export function filtersOf(query: LocationQuery): Filters {
  const one = (name: string) => (typeof query[name] === 'string' && query[name] !== '' ? query[name] : undefined)
  const direction = one('direction')
  const find = one('find')?.trim().slice(0, findMax)
  return clean({
    account: one('account'),
    from: day(one('from')),
    to: day(one('to')),
    direction: direction === 'in' || direction === 'out' ? direction : undefined,
    min: amount(one('min')),
    max: amount(one('max')),
    find: find === '' ? undefined : find,
  })
}

/** The filters as a query of the address bar. */
export function queryOf(filters: Filters): Record<string, string> {
  return clean({ ...filters })
}

/** The filters as the bank's API takes them. */
export function questionOf({ account, find, ...same }: Filters): { accountId?: string; from?: string; to?: string; direction?: 'in' | 'out'; min?: string; max?: string; q?: string } {
  return { ...same, ...clean({ accountId: account, q: find }) }
}

/** How many filters the sheet holds: what the chips and the search field do not show. */
export function countHidden({ account, from, to, min, max }: Filters): number {
  return Number(account !== undefined) + Number(from !== undefined || to !== undefined) + Number(min !== undefined || max !== undefined)
}

function day(text: string | undefined): string | undefined {
  if (text === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(text)) return undefined
  const date = new Date(`${text}T00:00:00Z`)
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== text ? undefined : text
}

function amount(text: string | undefined): string | undefined {
  const parsed = text === undefined ? undefined : parseAmount(text, 'CNY')
  return parsed?.ok === true ? parsed.amount : undefined
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

function clean<T extends Record<string, string | undefined>>(all: T): Defined<T> {
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined)) as Defined<T> // the entries that are left are defined
}
