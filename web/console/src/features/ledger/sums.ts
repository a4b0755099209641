import type { Wire } from '@console/api'
import { addMoney, minorOf, moneyOf, type Money } from '@shared/values/money'

export type Sums = { currency: string; debit: Money; credit: Money; even: boolean }

/** Debits and credits of a trial balance, for each currency. */
export function sumsOf(lines: readonly Wire<'Total'>[]): Sums[] {
  const currencies = [...new Set(lines.map(({ debit }) => debit.currency))].toSorted()
  return currencies.map((currency) => {
    const own = lines.filter(({ debit }) => debit.currency === currency)
    const debit = addMoney(moneyOf(0n, currency), ...own.map((line) => line.debit))
    const credit = addMoney(moneyOf(0n, currency), ...own.map((line) => line.credit))
    return { currency, debit, credit, even: minorOf(debit) === minorOf(credit) }
  })
}
