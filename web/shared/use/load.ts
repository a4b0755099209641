import { onScopeDispose, shallowRef, watch, type ShallowRef, type WatchSource } from 'vue'
import { problemOf, type Problem } from '../api/problem'

/** What a page knows about its data. A union, so that an impossible screen cannot be written. */
export type Loaded<T> = { status: 'loading' } | { status: 'failed'; code: string; problem: Problem } | { status: 'ready'; data: T }

export type Load<T> = {
  state: Readonly<ShallowRef<Loaded<T>>>
  /** Fetches again. Ready data stays on screen meanwhile; `fresh` shows the skeleton instead. */
  reload: (how?: 'fresh') => Promise<void>
  /** Puts known data in place of a fetch, after an act whose answer is the new state. */
  put: (data: T) => void
}

/**
 * Loads data for a page, again whenever `source` changes; only the last answer counts, and none after the page is left.
 *
 *   const { state, reload } = useLoad((signal) => ask(api.GET('/accounts', { signal })))
 */
export function useLoad<T>(fetch: (signal: AbortSignal) => Promise<T>, source?: WatchSource): Load<T> {
  const state = shallowRef<Loaded<T>>({ status: 'loading' })
  let running = new AbortController()

  async function reload(how?: 'fresh'): Promise<void> {
    running.abort()
    const mine = (running = new AbortController())
    if (how === 'fresh' || state.value.status === 'failed') state.value = { status: 'loading' }
    try {
      const data = await fetch(mine.signal)
      if (!mine.signal.aborted) state.value = { status: 'ready', data }
    } catch (thrown) {
      if (mine.signal.aborted) return
      const problem = problemOf(thrown)
      state.value = { status: 'failed', code: problem.code, problem }
    }
  }
  function put(data: T): void {
    running.abort()
    state.value = { status: 'ready', data }
  }

  if (source !== undefined) watch(source, () => void reload('fresh'))
  onScopeDispose(() => running.abort())
  void reload()
  return { state, reload, put }
}
