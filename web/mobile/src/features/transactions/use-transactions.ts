import { api } from '@app/api'
import { ask } from '@shared/api/client'
import { useLoad } from '@shared/use/load'
import { usePage, type PageList } from '@shared/use/page'
import { computed, type ComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { filtersOf, queryOf, questionOf, type Filters } from './filters'
import { groupByMonth, type MonthGroup, type Transaction } from './groups'

/** The list that the address bar asks for, cut into months and days. */
export function useTransactions(): PageList<Transaction> & { filters: ComputedRef<Filters>; groups: (items: readonly Transaction[]) => MonthGroup[]; filter: (change: Filters) => Promise<void>; clear: () => Promise<void> } {
  const route = useRoute()
  const router = useRouter()
  const filters = computed(() => filtersOf(route.query))
  /** As text, so that a change elsewhere in the address fetches nothing. */
  const asked = computed(() => JSON.stringify(questionOf(filters.value)))
  const question = () => questionOf(filters.value)

  const list = usePage((cursor, signal) => ask(api.GET('/transactions', { params: { query: { ...question(), ...(cursor === undefined ? {} : { cursor }) } }, signal })), asked)
  const months = useLoad((signal) => ask(api.GET('/transactions/months', { params: { query: question() }, signal })), asked)

  async function reload(how?: 'fresh'): Promise<void> {
    await Promise.all([list.reload(how), months.reload(how)])
  }
  const filter = async (change: Filters) => void (await router.replace({ query: queryOf(change) }))
  return {
    ...list,
    reload,
    filters,
    groups: (items) => groupByMonth(items, months.state.value.status === 'ready' ? months.state.value.data.items : []),
    filter,
    clear: () => filter({}),
  }
}
