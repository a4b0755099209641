import { api } from '@app/api'
import { ask } from '@shared/api/client'
import { compareMoney } from '@shared/values/money'
import type { Account } from '../accounts/account'

/** Deposits come from and go to current accounts of class I and II (银发〔2016〕261号); the bank refuses others. */
const classMost = 2

/** The person's accounts that a deposit in a currency can come from, the fullest first; those that are stopped last. */
export async function fundingAccounts(currency: string, signal: AbortSignal): Promise<Account[]> {
  const { items } = await ask(api.GET('/accounts', { signal }))
  return items
    .filter((account) => account.state === 'open' && account.class <= classMost && account.currency === currency)
    .toSorted((a, b) => Number(a.frozen) - Number(b.frozen) || compareMoney(b.available, a.available))
}
