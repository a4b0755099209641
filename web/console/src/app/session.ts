import { ask } from '@shared/api/client'
import type { Staff } from '@shared/api/console'
import { readonly, shallowRef, type ShallowRef } from 'vue'
import { api } from './api'

/** Who works here. Anything but an answer with a name is nobody: the console shows nothing without a session. */
export type SessionState = { status: 'unknown' } | { status: 'out' } | { status: 'in'; staff: Staff }

const state = shallowRef<SessionState>({ status: 'unknown' })

export function useSession(): { state: Readonly<ShallowRef<SessionState>>; load: () => Promise<void>; signIn: (identifier: string, password: string) => Promise<void>; signOut: () => Promise<void> } {
  return { state: readonly(state) as Readonly<typeof state>, load, signIn, signOut } // readonly() deepens the type, not the value
}

async function load(): Promise<void> {
  if (state.value.status !== 'unknown') return
  try {
    state.value = { status: 'in', staff: await ask(api.GET('/session')) }
  } catch {
    state.value = { status: 'out' }
  }
}

async function signIn(identifier: string, password: string): Promise<void> {
  state.value = { status: 'in', staff: await ask(api.POST('/sessions/password', { body: { identifier, password } })) }
}

async function signOut(): Promise<void> {
  try {
    await ask(api.DELETE('/session'))
  } finally {
    state.value = { status: 'out' }
  }
}
