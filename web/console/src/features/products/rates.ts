import type { Wire } from '@console/api'

/** A tier as it is typed: the least amount in yuan, the rate in per cent. */
export type Tier = { least: string; percent: string }

/** Rates of a product on one line: 0.95 %, or each tier with where it begins. */
export function ratesText(rates: readonly Pick<Wire<'Rate'>, 'least' | 'percent'>[]): string {
  const [only] = rates
  if (rates.length === 1 && only !== undefined && /^0(\.0+)?$/.test(only.least.amount)) return `${only.percent} %`
  return rates.map(({ least, percent }) => `≥ ${least.amount}: ${percent} %`).join('; ')
}

const figure = /^(-?)(\d{1,3})(?:\.(\d{1,6}))?$/
const yuan = /^\d{1,12}(\.\d{1,2})?$/

/** A rate in per cent as a ratio, digit by digit: 0.95 is 0.0095. Nothing for what is no rate. */
export function ratioOf(percent: string): string | undefined {
  const [, sign, whole, fraction = ''] = figure.exec(percent.trim()) ?? []
  if (sign === undefined || whole === undefined) return undefined
  const digits = `${whole.padStart(3, '0')}${fraction}`
  return `${sign}${BigInt(digits.slice(0, -fraction.length - 2))}.${digits.slice(-fraction.length - 2)}`
}

/** A typed amount of yuan as the wire has it. Nothing for what is none. */
export function yuanOf(text: string): { amount: string; currency: string } | undefined {
  const trimmed = text.trim() === '' ? '0' : text.trim()
  if (!yuan.test(trimmed)) return undefined
  const [whole = '0', fraction = ''] = trimmed.split('.')
  return { amount: `${BigInt(whole)}.${fraction.padEnd(2, '0')}`, currency: 'CNY' }
}
