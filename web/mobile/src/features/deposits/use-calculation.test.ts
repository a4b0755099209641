import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope, nextTick, ref, type EffectScope } from 'vue'
import type { Money } from '@shared/values/money'
import { useCalculation } from './use-calculation'

const yuan = (amount: string): Money => ({ amount, currency: 'CNY' })
let asked: string[] = []
let fails = false
let scope: EffectScope
beforeEach(() => {
  vi.useFakeTimers()
  asked = []
  fails = false
  vi.stubGlobal('fetch', async (request: Request) => {
    const { amount } = (await request.json()) as { amount: Money }
    asked.push(amount.amount)
    return fails ? new Response('{"code":"internal","status":500}', { status: 500 }) : Response.json({ productCode: 'term_1y', amount, interest: yuan('0.95') })
  })
})
afterEach(() => {
  scope.stop()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('asks when the fingers rest, for the last sum only, and nothing for none', async () => {
  const amount = ref<Money>()
  scope = effectScope()
  const state = scope.run(() => useCalculation(() => 'term_1y', () => amount.value)) ?? expect.unreachable()
  expect(state.value.status).toBe('none')
  for (const typed of ['1.00', '10.00', '100.00']) {
    amount.value = yuan(typed)
    await nextTick()
    await vi.advanceTimersByTimeAsync(100)
  }
  expect(state.value.status).toBe('counting')
  await vi.advanceTimersByTimeAsync(400)
  expect(asked).toEqual(['100.00'])
  expect(state.value).toMatchObject({ status: 'ready', data: { amount: yuan('100.00') } })
  fails = true
  amount.value = yuan('5.00')
  await nextTick()
  await vi.advanceTimersByTimeAsync(400)
  expect(state.value.status).toBe('failed')
  amount.value = undefined
  await nextTick()
  expect(state.value.status).toBe('none')
})
