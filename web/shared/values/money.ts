/**
 * Money in the browser: exact decimal strings with a currency, as the wire has them.
 * Nothing in here goes through a float: sums are BigInt minor units, and figures are set from the digits themselves.
 */
export type Money = { amount: string; currency: string }

/** How a sign is set: only for negative amounts, for all but zero, or never. */
export type Sign = 'auto' | 'always' | 'never'

/** Why a typed amount is refused; each has a sentence in the common text under `amount.*`. */
export type AmountError = 'empty' | 'malformed' | 'precision' | 'zero' | 'size' | 'above' | 'below'

export type Parsed = { ok: true; amount: string } | { ok: false; error: AmountError }

/** The parts of a figure as it is set: a quiet fraction needs them apart. */
export type Figure = { sign: '' | '+' | '−'; symbol: string; whole: string; fraction: string }

/** Most digits before the point: int64 minor units hold 18 digits with certainty. */
const wholeDigitsMax = 15
const decimal = /^(-?)(\d+)(?:\.(\d+))?$/

const exponents = new Map<string, number>()
const symbols = new Map<string, string>()

/** Digits after the point by ISO 4217: 2 for CNY, 0 for JPY. */
export function exponentOf(currency: string): number {
  let exponent = exponents.get(currency)
  if (exponent === undefined) {
    exponent = currencyFormat(currency).resolvedOptions().maximumFractionDigits ?? 2
    exponents.set(currency, exponent)
  }
  return exponent
}

/** The sign of a currency as a bank in China writes it, in every language of the app: ¥ is the yuan, never the yen. */
export function symbolOf(currency: string): string {
  let symbol = symbols.get(currency)
  if (symbol === undefined) {
    symbol = currencyFormat(currency).formatToParts(0n).find((part) => part.type === 'currency')?.value ?? currency
    symbols.set(currency, symbol)
  }
  return symbol
}

function currencyFormat(currency: string): Intl.NumberFormat {
  return new Intl.NumberFormat('zh-CN', { style: 'currency', currency })
}

/** Reads an exact decimal string into minor units; throws on what the server would never send. */
export function minorOf({ amount, currency }: Money): bigint {
  const match = decimal.exec(amount)
  if (match === null) throw new TypeError('money: not a decimal')
  const [, sign = '', whole = '', fraction = ''] = match
  const exponent = exponentOf(currency)
  if (fraction.length > exponent) throw new TypeError('money: more digits than the currency has')
  const minor = BigInt(whole + fraction.padEnd(exponent, '0'))
  return sign === '-' ? -minor : minor
}

/** Writes minor units as an exact decimal string. */
export function moneyOf(minor: bigint, currency: string): Money {
  const exponent = exponentOf(currency)
  const digits = (minor < 0n ? -minor : minor).toString().padStart(exponent + 1, '0')
  const whole = digits.slice(0, digits.length - exponent)
  const fraction = exponent === 0 ? '' : `.${digits.slice(-exponent)}`
  return { amount: `${minor < 0n ? '-' : ''}${whole}${fraction}`, currency }
}

/** Adds money of one currency; refuses two. */
export function addMoney(first: Money, ...rest: readonly Money[]): Money {
  let sum = minorOf(first)
  for (const money of rest) {
    if (money.currency !== first.currency) throw new TypeError('money: two currencies')
    sum += minorOf(money)
  }
  return moneyOf(sum, first.currency)
}

/** Takes b from a; refuses two currencies. */
export function subtractMoney(a: Money, b: Money): Money {
  return addMoney(a, moneyOf(-minorOf(b), b.currency))
}

/** Orders money of one currency: negative when a is less than b, zero when equal. */
export function compareMoney(a: Money, b: Money): -1 | 0 | 1 {
  if (a.currency !== b.currency) throw new TypeError('money: two currencies')
  const difference = minorOf(a) - minorOf(b)
  if (difference === 0n) return 0
  return difference < 0n ? -1 : 1
}

/** Splits money into the parts of a figure: grouped by three, exponent padded, with a true minus sign. */
export function figureOf(money: Money, sign: Sign = 'auto'): Figure {
  const minor = minorOf(money)
  const absolute = moneyOf(minor < 0n ? -minor : minor, money.currency).amount
  const [whole = '0', fraction = ''] = absolute.split('.')
  return { sign: signOf(minor, sign), symbol: symbolOf(money.currency), whole: group(whole), fraction }
}

function signOf(minor: bigint, sign: Sign): Figure['sign'] {
  if (sign === 'never' || minor === 0n) return ''
  if (minor < 0n) return '−'
  return sign === 'always' ? '+' : ''
}

/** Groups the digits of a whole number by three: 1234567 is 1,234,567. */
export function group(digits: string): string {
  return digits.replace(/\B(?=(\d{3})+$)/g, ',')
}

/** Formats money as ¥1,280.50, or as 1,280.50 without its symbol; never goes through a float. */
export function formatMoney(money: Money, options: { sign?: Sign; symbol?: boolean } = {}): string {
  const figure = figureOf(money, options.sign)
  const fraction = figure.fraction === '' ? '' : `.${figure.fraction}`
  return `${figure.sign}${options.symbol === false ? '' : figure.symbol}${figure.whole}${fraction}`
}

/**
 * Cleans what was typed or pasted into digits and at most one point: drops spaces, commas and currency signs, and reads
 * full-width digits. What still holds anything else is returned as undefined, so that a paste of "12abc" is not read as 12.
 */
export function cleanAmount(text: string): string | undefined {
  const plain = text.normalize('NFKC').replace(/。/g, '.').replace(/[\s,_¥$€£元]/g, '').replace(/^(CNY|RMB)/i, '')
  return /^\d*\.?\d*$/.test(plain) ? plain : undefined
}

/** Judges a typed amount and gives it in wire form ("12." becomes "12.00"). */
export function parseAmount(text: string, currency: string, bounds: { min?: string; max?: string } = {}): Parsed {
  const clean = cleanAmount(text)
  if (clean === undefined) return { ok: false, error: 'malformed' }
  if (clean === '' || clean === '.') return { ok: false, error: 'empty' }
  const [whole = '', fraction = ''] = clean.split('.')
  if (fraction.length > exponentOf(currency)) return { ok: false, error: 'precision' }
  const digits = whole.replace(/^0+(?=\d)/, '')
  if (digits.length > wholeDigitsMax) return { ok: false, error: 'size' }
  const minor = minorOf({ amount: `${digits === '' ? '0' : digits}${fraction === '' ? '' : `.${fraction}`}`, currency })
  if (minor === 0n) return { ok: false, error: 'zero' }
  if (bounds.min !== undefined && minor < minorOf({ amount: bounds.min, currency })) return { ok: false, error: 'below' }
  if (bounds.max !== undefined && minor > minorOf({ amount: bounds.max, currency })) return { ok: false, error: 'above' }
  return { ok: true, amount: moneyOf(minor, currency).amount }
}

/** Groups an amount while it is typed, keeping what is half-typed: "1280.5" is "1,280.5", "12." stays "12.". */
export function formatTyped(text: string): string {
  const [whole = '', fraction] = text.split('.')
  return `${group(whole)}${fraction === undefined ? '' : `.${fraction}`}`
}
