import { shallowRef, type ShallowRef } from 'vue'
import { problemOf, type Problem } from '../api/problem'

/** Where an act stands. */
export type Doing = { status: 'idle' } | { status: 'busy' } | { status: 'failed'; problem: Problem }

/** An act that a person starts: at most one at a time, so that a double tap is one act. */
export type Act<A extends readonly unknown[], T> = {
  state: Readonly<ShallowRef<Doing>>
  /** Runs it; gives undefined when it failed (see `state`) or was already running. */
  run: (...args: A) => Promise<T | undefined>
  clear: () => void
}

export function useAct<A extends readonly unknown[], T>(act: (...args: A) => Promise<T>): Act<A, T> {
  const state = shallowRef<Doing>({ status: 'idle' })
  async function run(...args: A): Promise<T | undefined> {
    if (state.value.status === 'busy') return undefined
    state.value = { status: 'busy' }
    try {
      const result = await act(...args)
      state.value = { status: 'idle' }
      return result
    } catch (thrown) {
      state.value = { status: 'failed', problem: problemOf(thrown) }
      return undefined
    }
  }
  return { state, run, clear: () => void (state.value = { status: 'idle' }) }
}
