import { api } from '@app/api'
import { ask } from '@shared/api/client'
import type { components } from '@shared/api/mobile'
import { problemOf } from '@shared/api/problem'
import type { Money } from '@shared/values/money'
import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'

type Calculated = components['schemas']['Calculated']

/** What a sum would bring, as far as it is known while it is typed. */
export type Calculation = { status: 'none' } | { status: 'counting' } | { status: 'ready'; data: Calculated } | { status: 'failed' }

/** Fingers rest this long before the bank is asked. */
const restMs = 250

/** Asks the bank what an amount of a product would bring, while it is typed; only the answer to the last question counts. */
export function useCalculation(product: () => string, amount: () => Money | undefined): Readonly<ShallowRef<Calculation>> {
  const state = shallowRef<Calculation>({ status: 'none' })
  let running = new AbortController()
  let timer: ReturnType<typeof setTimeout> | undefined

  async function count(productCode: string, of: Money, signal: AbortSignal): Promise<void> {
    try {
      const data = await ask(api.POST('/deposits/calculate', { body: { productCode, amount: of }, signal }))
      if (!signal.aborted) state.value = { status: 'ready', data }
    } catch (thrown) {
      if (!signal.aborted && problemOf(thrown).code !== 'client.cancelled') state.value = { status: 'failed' }
    }
  }
  function stop(): void {
    running.abort()
    clearTimeout(timer)
  }
  watch([product, () => amount()?.amount], () => {
    stop()
    const of = amount()
    if (of === undefined) {
      state.value = { status: 'none' }
      return
    }
    if (state.value.status !== 'ready') state.value = { status: 'counting' }
    const mine = (running = new AbortController())
    timer = setTimeout(() => void count(product(), of, mine.signal), restMs)
  }, { immediate: true })
  onScopeDispose(stop)
  return state
}
