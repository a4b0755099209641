import { api } from '@app/api'
import { ask } from '@shared/api/client'
import { ownProblem, ProblemError } from '@shared/api/problem'
import { useLoad, type Load } from '@shared/use/load'
import { computed, type ComputedRef } from 'vue'
import type { Product } from './deposit'

/** One product of the shelf, with today's rates. The shelf is short and comes whole. */
export function useProduct(code: () => string): Load<Product> & { product: ComputedRef<Product | undefined> } {
  const load = useLoad(async (signal) => {
    const { items } = await ask(api.GET('/deposit-products', { signal }))
    const found = items.find((one) => one.code === code())
    if (found === undefined) throw new ProblemError({ ...ownProblem('client.unreadable'), code: 'catalog.no_such_product', status: 404 })
    return found
  }, code)
  return { ...load, product: computed(() => (load.state.value.status === 'ready' ? load.state.value.data : undefined)) }
}
