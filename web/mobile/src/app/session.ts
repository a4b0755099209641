import { ask } from '@shared/api/client'
import { problemOf } from '@shared/api/problem'
import type { components } from '@shared/api/mobile'
import { computed, shallowRef, type ComputedRef } from 'vue'
import { api } from './api'

export type Session = components['schemas']['Session']

/** Who is here. `unreachable`: the bank did not answer, so nobody knows; pages open and say that they cannot load. */
export type SessionState = { status: 'unknown' } | { status: 'out' } | { status: 'unreachable' } | { status: 'in'; session: Session }

const state = shallowRef<SessionState>({ status: 'unknown' })
/**
 * Remembers that somebody signed in on this device, nothing else: the cookie cannot be read here, and without this mark
 * a first visit would ask the bank in vain.
 */
const mark = 'tongbao.signed-in'
let asking: Promise<void> | undefined

export function useSession(): Readonly<typeof state> {
  return state
}

/** How the app calls the person: by the name they chose, else their masked name or number; undefined when nobody knows. */
export function useName(): ComputedRef<string | undefined> {
  return computed(() => {
    if (state.value.status !== 'in') return undefined
    const { nickname, name, phone, email } = state.value.session
    return nickname ?? name ?? phone ?? email
  })
}

/** Asks the bank who is here, once; `again` after the person's data changed. */
export function loadSession(again?: 'again'): Promise<void> {
  if (again === undefined && (state.value.status === 'in' || state.value.status === 'out')) return Promise.resolve()
  asking ??= read().finally(() => (asking = undefined))
  return asking
}

async function read(): Promise<void> {
  if (localStorage.getItem(mark) === null) return forget()
  try {
    signedIn(await ask(api.GET('/session')))
  } catch (thrown) {
    const { status } = problemOf(thrown)
    if (status === 401) forget()
    else if (state.value.status !== 'in') state.value = { status: 'unreachable' }
  }
}

/** Called by the sign-in and registration pages with the session that the bank answered. */
export function signedIn(session: Session): void {
  state.value = { status: 'in', session }
  localStorage.setItem(mark, '1')
}

/** Ends the session at the bank and here. Here also when the bank cannot be reached: the device must not stay open. */
export async function signOut(): Promise<void> {
  try {
    await ask(api.DELETE('/session'))
  } finally {
    forget()
  }
}

/** Forgets who was here, after the bank said that the session is over. */
export function forget(): void {
  state.value = { status: 'out' }
  localStorage.removeItem(mark)
}
