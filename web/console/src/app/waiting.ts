import { ask } from '@shared/api/client'
import { readonly, ref, type Ref } from 'vue'
import { api } from './api'
import { may } from './session'

/** What can wait for a person. */
export type WaitingName = 'approvals' | 'verifications' | 'alerts'
/** How many wait; `more` when there are more than were counted. */
export type Waiting = { count: number; more: boolean }

/** Counting further than this helps nobody. */
const countedMost = 50
const waiting = ref<Partial<Record<WaitingName, Waiting>>>({})

/** How much waits for who is here, beside the entries of the navigation. */
export function useWaiting(): Readonly<Ref<Partial<Record<WaitingName, Waiting>>>> {
  return readonly(waiting) as Readonly<typeof waiting> // readonly() deepens the type, not the value
}

/** Counts again: at the start, and after an act that took something off the list. One that fails keeps what was known. */
export async function countWaiting(): Promise<void> {
  const query = { limit: countedMost }
  await Promise.all([
    count('approvals', may('approval.view'), () => ask(api.GET('/approvals', { params: { query } }))),
    count('verifications', may('customer.list_reviews'), () => ask(api.GET('/verifications', { params: { query } }))),
    count('alerts', may('access.list_alerts'), () => ask(api.GET('/alerts', { params: { query } }))),
  ])
}

async function count(name: WaitingName, allowed: boolean, fetch: () => Promise<{ items: readonly unknown[]; next?: string | null }>): Promise<void> {
  if (!allowed) {
    delete waiting.value[name]
    return
  }
  try {
    const { items, next } = await fetch()
    waiting.value[name] = { count: items.length, more: Boolean(next) }
  } catch {
    // The number beside an entry is a help; its page says what is wrong.
  }
}
