import type { Wire } from '@console/api'
import type { Money } from '@shared/values/money'
import { text } from './text'

/** The words for a kind of movement. */
export function kindOf(kind: string): string {
  const key = `kind.${kind}`
  return text.has(key) ? text.read(key as 'kind.fee') : kind // has() just said that the key is one of them
}

/** The amount of a movement with its sign. */
export function signed({ amount, outgoing }: Wire<'Transaction'>): Money {
  return outgoing ? { ...amount, amount: `-${amount.amount}` } : amount
}
