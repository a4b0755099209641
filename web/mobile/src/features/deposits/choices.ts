import { parseAmount } from '@shared/values/money'
import type { LocationQuery } from 'vue-router'
import { kinds, type Kind } from './deposit'

/** How the shelf is sorted: highest rate, shortest term, least amount first; by kind when nothing is said. */
export const sorts = ['rate', 'months', 'least'] as const

/** What a person looks for on the shelf. It lives in the address bar, so that a reload, a back and a shared link keep it. */
export type Choices = {
  kind?: Kind
  currency?: string
  /** Of the term. */
  months?: number
  /** What there is to save, an exact decimal: products that ask for more are left out. */
  amount?: string
  /** Least rate, in per cent. */
  rate?: string
  sort?: (typeof sorts)[number]
}

/** Reads choices from an address. What could not be one is left out: an address may be typed by hand. */
export function choicesOf(query: LocationQuery): Choices {
  const one = (name: string) => (typeof query[name] === 'string' && query[name] !== '' ? query[name] : undefined)
  const amount = parseAmount(one('amount') ?? '', 'CNY')
  const [currency, rate, months] = [one('currency'), one('rate'), Number(one('months') ?? Number.NaN)]
  return clean({
    kind: kinds.find((kind) => kind === one('kind')),
    currency: currency !== undefined && /^[A-Z]{3}$/.test(currency) ? currency : undefined,
    months: Number.isInteger(months) && months > 0 && months <= 600 ? months : undefined,
    amount: amount.ok ? amount.amount : undefined,
    rate: rate !== undefined && /^\d{1,2}(\.\d{1,4})?$/.test(rate) ? rate : undefined,
    sort: sorts.find((sort) => sort === one('sort')),
  })
}

/** The choices as a query of the address bar. */
export function queryOf(choices: Choices): Record<string, string> {
  return Object.fromEntries(Object.entries(clean({ ...choices })).map(([name, value]) => [name, String(value)]))
}

/** The choices as the bank's API takes them: a rate there is a ratio. */
export function questionOf({ rate, ...same }: Choices): Omit<Choices, 'rate'> & { minRate?: string } {
  return { ...same, ...(rate === undefined ? {} : { minRate: ratioOf(rate) }) }
}

/** How many choices the sheet holds: what the chips do not show. */
export function countHidden({ currency, months, amount, rate, sort }: Choices): number {
  return [currency, months, amount, rate, sort].filter((one) => one !== undefined).length
}

/** Per cent as a ratio, digit by digit: 1.5 is 0.015. */
function ratioOf(percent: string): string {
  const [whole = '', fraction = ''] = percent.split('.')
  const digits = whole.padStart(3, '0')
  return `${digits.slice(0, -2).replace(/^0+(?=\d)/, '')}.${digits.slice(-2)}${fraction}`
}

function clean(choices: { [K in keyof Choices]: Choices[K] | undefined }): Choices {
  return Object.fromEntries(Object.entries(choices).filter(([, value]) => value !== undefined)) as Choices // what is undefined is gone
}
