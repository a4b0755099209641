import type { components } from '@shared/api/mobile'
import { compareMoney, type Money } from '@shared/values/money'

export type Account = components['schemas']['Account']
type AccountLimits = components['schemas']['AccountLimits']

/** What the person calls an account, else what the bank calls it. */
export function accountName({ nickname, productName }: Pick<Account, 'nickname' | 'productName'>): string {
  return nickname === undefined || nickname === '' ? productName : nickname
}

/** An account number in groups of four, to be read aloud and compared. */
export function grouped(number: string): string {
  return number.replace(/(\d{4})(?=\d)/g, '$1 ')
}

/** Limits of one day that a payment out of an account consumes. */
const ofToday: ReadonlySet<string> = new Set(['mobile_day', 'class_out_day'])

/** What is left of today's tightest limit; undefined when the account has none. */
export function leftToday(limits: readonly AccountLimits[], account: string): Money | undefined {
  const states = limits.find((one) => one.accountId === account)?.limits ?? []
  return states
    .filter(({ kind }) => ofToday.has(kind))
    .map(({ left }) => left)
    .reduce<Money | undefined>((least, left) => (least === undefined || compareMoney(left, least) < 0 ? left : least), undefined)
}
