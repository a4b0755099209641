import { api, type Wire } from '@console/api'
import { ask } from '@shared/api/client'
import { moneyOf, type Money } from '@shared/values/money'
import { shallowRef, type ShallowRef } from 'vue'

export type Denomination = Wire<'Denomination'>
/** How many of each denomination, by its code. */
export type Pieces = Record<string, number>

const known = shallowRef<readonly Denomination[]>([])
let asked: Promise<void> | undefined

/** The notes and coins of the bank, the largest first; asked for once. */
export function useDenominations(): Readonly<ShallowRef<readonly Denomination[]>> {
  asked ??= ask(api.GET('/cash/denominations')).then(({ denominations }) => void (known.value = denominations), () => void (asked = undefined))
  return known
}

/** What pieces are worth. */
export function worthOf(pieces: Pieces, denominations: readonly Denomination[]): Money {
  let minor = 0n
  for (const { code, minor: one } of denominations) minor += BigInt(one) * BigInt(pieces[code] ?? 0)
  return moneyOf(minor, 'CNY')
}

/** Only what is there. */
export function countedOf(pieces: Pieces): Pieces {
  return Object.fromEntries(Object.entries(pieces).filter(([, count]) => count > 0))
}
