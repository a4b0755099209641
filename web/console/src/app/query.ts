import { computed, type WritableComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'

/** A filter that stands in the address bar, so that a view can be kept and sent. Never for personal data: addresses are remembered. */
export function useQuery(name: string): WritableComputedRef<string> {
  const route = useRoute()
  const router = useRouter()
  return computed({
    get: () => {
      const value = route.query[name]
      return typeof value === 'string' ? value : ''
    },
    set: (value) => void router.replace({ query: { ...route.query, [name]: value === '' ? undefined : value } }),
  })
}
