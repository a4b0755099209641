import { onScopeDispose, shallowRef, watch, type ShallowRef, type WatchSource } from 'vue'
import { problemOf, type Problem } from '../api/problem'

/** One answer of a keyset-paged list; no cursor means that it was the last. */
export type Page<T> = { items: readonly T[]; next?: string | null | undefined }

export type Paged<T> =
  | { status: 'loading' }
  | { status: 'failed'; code: string; problem: Problem }
  | { status: 'ready'; items: readonly T[]; end: 'more' | 'loading' | 'failed' | 'reached' }

export type PageList<T> = {
  state: Readonly<ShallowRef<Paged<T>>>
  /** Adds the next page; does nothing when there is none or one is coming. */
  more: () => Promise<void>
  /** Begins again at the first page, keeping the old rows until the new ones are here. */
  reload: (how?: 'fresh') => Promise<void>
}

/** Reads a list page by page; a change of `source` (a filter) begins again. Only the last question's answer counts. */
export function usePage<T>(fetch: (cursor: string | undefined, signal: AbortSignal) => Promise<Page<T>>, source?: WatchSource): PageList<T> {
  const state = shallowRef<Paged<T>>({ status: 'loading' })
  let next: string | undefined
  let running = new AbortController()

  async function reload(how?: 'fresh'): Promise<void> {
    running.abort()
    const mine = (running = new AbortController())
    if (how === 'fresh' || state.value.status === 'failed') state.value = { status: 'loading' }
    try {
      const page = await fetch(undefined, mine.signal)
      if (!mine.signal.aborted) show([], page)
    } catch (thrown) {
      if (!mine.signal.aborted) fail(thrown)
    }
  }
  async function more(): Promise<void> {
    const before = state.value
    if (before.status !== 'ready' || before.end === 'loading' || before.end === 'reached') return
    const mine = running
    state.value = { ...before, end: 'loading' }
    try {
      const page = await fetch(next, mine.signal)
      if (!mine.signal.aborted) show(before.items, page)
    } catch {
      if (!mine.signal.aborted) state.value = { ...before, end: 'failed' }
    }
  }
  function show(before: readonly T[], page: Page<T>): void {
    next = page.next || undefined
    state.value = { status: 'ready', items: [...before, ...page.items], end: next === undefined ? 'reached' : 'more' }
  }
  function fail(thrown: unknown): void {
    const problem = problemOf(thrown)
    state.value = { status: 'failed', code: problem.code, problem }
  }

  if (source !== undefined) watch(source, () => void reload('fresh'))
  onScopeDispose(() => running.abort())
  void reload()
  return { state, more, reload }
}
