import { api } from '@app/api'
import { ask } from '@shared/api/client'
import type { components } from '@shared/api/mobile'
import { useText } from '@shared/i18n/text'
import { common } from '@shared/text/common'
import { useLoad, type Load } from '@shared/use/load'
import { compareMoney, formatMoney, parseAmount, type Money } from '@shared/values/money'
import { computed, ref, watchEffect, type ComputedRef, type Ref } from 'vue'
import { leftToday, type Account } from '../accounts/account'
import type { Draft } from './draft'
import { text } from './text'

type Limits = components['schemas']['Limits']

/** Characters that a memo may have. */
export const memoMost = 60

type Means = { accounts: readonly Account[]; limits: Limits }

export type Filling = Load<Means> & {
  account: ComputedRef<Account | undefined>
  /** What is left of today's limit; undefined for payments between one's own accounts, which no limit counts. */
  left: ComputedRef<Money | undefined>
  /** What is wrong with the amount, once it is worth saying. */
  amountError: ComputedRef<string | undefined>
  memoError: ComputedRef<string | undefined>
  ready: ComputedRef<boolean>
  /** The person left the amount or pressed on: what is missing may be said. */
  touched: Ref<boolean>
}

/** Judges the form as it is typed, against what the bank said of accounts and limits. The bank judges again. */
export function useFill(draft: Draft): Filling {
  const c = useText(common)
  const t = useText(text)
  const load = useLoad<Means>(async (signal) => {
    const [accounts, limits] = await Promise.all([ask(api.GET('/accounts', { signal })), ask(api.GET('/limits', { signal }))])
    return { accounts: accounts.items.filter(({ state, currency }) => state === 'open' && currency === 'CNY'), limits }
  })
  const data = computed(() => (load.state.value.status === 'ready' ? load.state.value.data : undefined))
  const account = computed(() => data.value?.accounts.find(({ id }) => id === draft.from))
  // The account with the most in it, unless the person chose one.
  watchEffect(() => {
    if (data.value === undefined || account.value !== undefined) return
    draft.from = data.value.accounts.filter(({ frozen }) => !frozen).toSorted((a, b) => compareMoney(b.available, a.available))[0]?.id ?? data.value.accounts[0]?.id
  })

  const touched = ref(false)
  const amount = computed(() => parseAmount(draft.amount, 'CNY'))
  const left = computed(() => (data.value === undefined || draft.from === undefined || draft.payee?.own === true ? undefined : leftToday(data.value.limits.accounts, draft.from)))
  const amountError = computed(() => {
    const parsed = amount.value
    if (!parsed.ok) {
      if (parsed.error === 'above' || parsed.error === 'below') return undefined
      return touched.value ? c(`amount.${parsed.error}`) : undefined
    }
    return tooMuch({ amount: parsed.amount, currency: 'CNY' })
  })
  function tooMuch(typed: Money): string | undefined {
    if (account.value !== undefined && compareMoney(typed, account.value.available) > 0) return t('tooMuch', { available: formatMoney(account.value.available) })
    if (left.value !== undefined && compareMoney(typed, left.value) > 0) return t('overLimit', { left: formatMoney(left.value) })
    const single = data.value?.limits.own.single
    return single !== undefined && left.value !== undefined && compareMoney(typed, single) > 0 ? t('overSingle', { most: formatMoney(single) }) : undefined
  }
  const memoError = computed(() => ([...draft.memo].length > memoMost ? t('memoLong', { most: memoMost }) : undefined))
  const ready = computed(() => amount.value.ok && amountError.value === undefined && memoError.value === undefined && account.value !== undefined && draft.payee !== undefined)
  return { ...load, account, left, amountError, memoError, ready, touched }
}
