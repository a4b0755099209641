import { api } from '@app/api'
import { useStepUp } from '@app/step-up'
import { ask, provenBy } from '@shared/api/client'
import type { components } from '@shared/api/mobile'
import { useAct, type Doing } from '@shared/use/act'
import { useLoad, type Load } from '@shared/use/load'
import { compareMoney } from '@shared/values/money'
import type { ShallowRef } from 'vue'

export type Limits = components['schemas']['Limits']
export type Own = components['schemas']['OwnLimits']
export type Account = components['schemas']['Account']
export type Kind = keyof Own

export type LimitsPage = { limits: Limits; accounts: readonly Account[] }

/** What a person allows themselves. Lowering is free, raising asks for a proof; the bank decides both. */
export function useLimits(): Load<LimitsPage> & { doing: Readonly<ShallowRef<Doing>>; clear: () => void; change: (change: Partial<Own>) => Promise<boolean> } {
  const load = useLoad<LimitsPage>(async (signal) => {
    const [limits, accounts] = await Promise.all([ask(api.GET('/limits', { signal })), ask(api.GET('/accounts', { signal }))])
    return { limits, accounts: accounts.items }
  })
  const { prove } = useStepUp()
  const { state: doing, run, clear } = useAct(async (body: Own, proof: string | undefined) => ask(api.PUT('/limits', { body, headers: proof === undefined ? {} : provenBy(proof) })))

  async function change(wanted: Partial<Own>): Promise<boolean> {
    const { state } = load
    if (state.value.status !== 'ready') return false
    const { own } = state.value.data.limits
    const body = fitting({ ...own, ...wanted }, wanted)
    const proof = raises(own, body) ? await prove('limits.raise') : undefined
    if (raises(own, body) && proof === undefined) return false
    const limits = await run(body, proof)
    if (limits === undefined) return false
    load.put({ ...state.value.data, limits })
    return true
  }
  return { ...load, doing, clear, change }
}

const kinds = ['single', 'daily', 'small'] as const

/** Whether anything goes up. */
export function raises(from: Own, to: Own): boolean {
  return kinds.some((kind) => compareMoney(to[kind], from[kind]) > 0)
}

/** One transfer can never be more than a day's: who lowers the day lowers the transfer, who raises the transfer must raise the day. */
export function fitting(own: Own, wanted: Partial<Own>): Own {
  if (compareMoney(own.single, own.daily) <= 0) return own
  return wanted.daily === undefined ? { ...own, daily: own.single } : { ...own, single: own.daily }
}
