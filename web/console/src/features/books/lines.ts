import { addMoney, minorOf, moneyOf, type Money } from '@shared/values/money'

/** A line of a journal as it is typed. */
export type Line = { account: string; side: 'debit' | 'credit'; amount: string }

const plain = /^\d{1,12}(\.\d{1,2})?$/

/** Reads a typed amount of yuan, or nothing. */
export function amountOf(text: string): Money | undefined {
  const trimmed = text.trim()
  if (!plain.test(trimmed) || /^[0.]*$/.test(trimmed)) return undefined
  const [whole = '0', fraction = ''] = trimmed.split('.')
  return { amount: `${BigInt(whole)}.${fraction.padEnd(2, '0')}`, currency: 'CNY' }
}

/** What is debited and credited so far, and whether the journal can be asked for. */
export function weigh(lines: readonly Line[]): { debit: Money; credit: Money; complete: boolean } {
  const sum = (side: Line['side']) => addMoney(moneyOf(0n, 'CNY'), ...lines.filter((line) => line.side === side).flatMap((line) => amountOf(line.amount) ?? []))
  const debit = sum('debit')
  const credit = sum('credit')
  const whole = lines.length > 1 && lines.every((line) => line.account.trim() !== '' && amountOf(line.amount) !== undefined)
  return { debit, credit, complete: whole && minorOf(debit) === minorOf(credit) }
}
