import type { components } from '@shared/api/mobile'
import type { IconName } from '@shared/ui/icons'
import { shiftDay } from '@shared/values/dates'
import { addMoney, minorOf, moneyOf, type Money } from '@shared/values/money'

type Schemas = components['schemas']
export type Deposit = Schemas['HeldDeposit']
export type Product = Schemas['DepositProduct']
export type Quote = Schemas['DepositQuote']
export type DepositDraft = Schemas['DepositDraft']
export type Part = Schemas['InterestPart']
export type Coming = Schemas['ComingInterest']
export type Offer = Schemas['Offer']
export type NoticeGiven = Schemas['Notice']
export type Kind = Deposit['kind']
export type Rollover = Deposit['rollover']

export const kinds = ['term', 'notice', 'certificate', 'instalment', 'pot'] as const satisfies readonly Kind[]

export const kindIcons: Record<Kind, IconName> = { term: 'lock', notice: 'bell', certificate: 'document', instalment: 'calendar', pot: 'flag' }

export function isZero({ amount }: Money): boolean {
  return /^-?0*\.?0*$/.test(amount)
}

/** Whole days from one calendar day to another; negative when it is past. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)
}

/** What open deposits in one currency hold and have earned, and the next day on which one of them ends. */
export type Summary = { currency: string; total: Money; accrued: Money; next: Deposit | undefined }

/** Adds deposits up, currency by currency; the home currency first, also when there is nothing in it. */
export function summaries(all: readonly Deposit[], home = 'CNY'): Summary[] {
  const open = all.filter(({ state }) => state === 'open')
  const currencies = [home, ...new Set(open.map(({ balance }) => balance.currency).filter((currency) => currency !== home))]
  return currencies.map((currency) => {
    const mine = open.filter(({ balance }) => balance.currency === currency)
    const zero = moneyOf(0n, currency)
    const ending = mine.filter((one) => one.maturesOn !== undefined && !one.matured).toSorted((a, b) => (a.maturesOn ?? '').localeCompare(b.maturesOn ?? ''))
    return { currency, total: addMoney(zero, ...mine.map(({ balance }) => balance)), accrued: addMoney(zero, ...mine.map(({ accrued }) => accrued)), next: ending[0] }
  })
}

/** How far a pot has come, in whole per cent, 100 at most; undefined without a target. */
export function reachedPercent({ goal }: Pick<Deposit, 'goal'>): number | undefined {
  return goal?.reachedRatio === undefined ? undefined : Math.min(100, Math.floor(Number(goal.reachedRatio) * 100 + 0.5))
}

/** What is missing to a pot's target; undefined without one, or when it is reached. */
export function missingOf({ goal, balance }: Pick<Deposit, 'goal' | 'balance'>): Money | undefined {
  if (goal?.target === undefined) return undefined
  const missing = minorOf(goal.target) - minorOf(balance)
  return missing > 0n ? moneyOf(missing, balance.currency) : undefined
}

/** What would have to be saved each month to reach a target by its day, rounded up; undefined when there is nothing to say. */
export function monthlyNeed(target: Money, has: Money, from: string, to: string): Money | undefined {
  const missing = minorOf(target) - minorOf(has)
  const days = daysBetween(from, to)
  if (missing <= 0n || days <= 0) return undefined
  const months = BigInt(Math.max(1, monthsBetween(from, to)))
  return moneyOf((missing + months - 1n) / months, target.currency)
}

/** Whole months from one day to another. */
export function monthsBetween(from: string, to: string): number {
  const [years = 0, months = 0, days = 0] = to.split('-').map(Number)
  const [y = 0, m = 0, d = 0] = from.split('-').map(Number)
  return (years - y) * 12 + months - m - (days < d ? 1 : 0)
}

/** The first day for which notice can be given today. */
export function firstNoticeDay(today: string, { terms }: Pick<Deposit, 'terms'>): string {
  return shiftDay(today, terms.noticeDays)
}

/** What a holder may do with a deposit now. */
export type Ability = 'add' | 'withdraw' | 'notice' | 'offer' | 'plan' | 'rollover'

export function abilities(deposit: Deposit, offered: boolean): Ability[] {
  if (deposit.state !== 'open') return []
  const all: Ability[] = []
  if (deposit.kind === 'pot' || (deposit.instalment !== undefined && deposit.instalment.missed > 0 && !deposit.instalment.stopped)) all.push('add')
  if (!isZero(deposit.balance) || deposit.kind === 'pot') all.push('withdraw')
  if (deposit.kind === 'notice') all.push('notice')
  if (deposit.terms.transferable && !deposit.matured && !offered) all.push('offer')
  if (deposit.kind === 'pot') all.push('plan')
  if (deposit.rollovers.length > 1 && !deposit.matured) all.push('rollover')
  return all
}

/** Whether a part of it can be taken out, or only all. */
export function takesParts({ kind, terms, earlyTaken, matured }: Pick<Deposit, 'kind' | 'terms' | 'earlyTaken' | 'matured'>): boolean {
  if (kind === 'instalment') return false
  return kind === 'pot' || matured || terms.earlyPartial < 0 || earlyTaken < terms.earlyPartial
}
