import { ask } from '@shared/api/client'
import { readonly, shallowRef, type ShallowRef } from 'vue'
import { api, type Wire } from './api'

/** Who works here. Anything but an answer with a name is nobody: the console shows nothing without a session. */
export type SessionState = { status: 'unknown' } | { status: 'out' } | { status: 'in'; me: Wire<'Me'> }

/** What a sign-in waits for: the code of the authenticator, together with the ticket of the first factor. */
export type Pending = { ticket: string }

const state = shallowRef<SessionState>({ status: 'unknown' })

export function useSession(): Readonly<ShallowRef<SessionState>> {
  return readonly(state) as Readonly<typeof state> // readonly() deepens the type, not the value
}

/** Who works here, on pages that exist only for who is signed in. */
export function useMe(): Wire<'Me'> {
  if (state.value.status !== 'in') throw new TypeError('session: nobody works here')
  return state.value.me
}

/** True when one of these is allowed to who is here. It only decides what is drawn: the bank asks again at each act. */
export function may(...permissions: readonly string[]): boolean {
  return state.value.status === 'in' && state.value.me.permissions.some(({ name }) => permissions.includes(name))
}

/** Asks once who is here; `again` asks anew, after what changes it. */
export async function loadSession(again?: 'again'): Promise<void> {
  if (state.value.status !== 'unknown' && again === undefined) return
  try {
    state.value = { status: 'in', me: await ask(api.GET('/session')) }
  } catch {
    state.value = { status: 'out' }
  }
}

/** First factor. Undefined when nothing more is asked. */
export async function signIn(mail: string, password: string): Promise<Pending | undefined> {
  return entered(await ask(api.POST('/sessions/password', { body: { mail, password } })))
}

/** Second factor: the code that the authenticator app shows. */
export async function secondFactor({ ticket }: Pending, code: string): Promise<void> {
  entered(await ask(api.POST('/sessions/second-factor', { body: { ticket, method: 'totp', code } })))
}

/** Accepts an invitation: password and authenticator are set, and the session begins. */
export async function acceptInvitation(token: string, password: string, code: string): Promise<void> {
  entered(await ask(api.POST('/invitations/accept', { body: { token, password, code } })))
}

function entered({ session, ticket }: Wire<'SignInResult'>): Pending | undefined {
  if (session !== undefined) state.value = { status: 'in', me: session }
  return session === undefined && ticket !== undefined ? { ticket } : undefined
}

/** Puts in place how many masked fields may still be revealed today. */
export function setLooksLeft(looksLeft: number): void {
  if (state.value.status === 'in') state.value = { status: 'in', me: { ...state.value.me, looksLeft } }
}

export async function signOut(): Promise<void> {
  try {
    await ask(api.DELETE('/session'))
  } finally {
    forget()
  }
}

/** Forgets who was here. */
export function forget(): void {
  state.value = { status: 'out' }
}
