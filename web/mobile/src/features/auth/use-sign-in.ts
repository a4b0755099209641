import { api } from '@app/api'
import { contactBody, kindOf } from '@app/identity/contact'
import { useCode, type Code } from '@app/identity/use-code'
import type { Session } from '@app/session'
import { ask } from '@shared/api/client'
import type { components } from '@shared/api/mobile'
import { askPasskey } from '@shared/api/passkey'
import { ownProblem, ProblemError } from '@shared/api/problem'
import { useAct, type Doing } from '@shared/use/act'
import { useCountdown } from '@shared/use/countdown'
import { shallowRef, type ComputedRef, type ShallowRef } from 'vue'

type Result = components['schemas']['SignInResult']
export type Method = NonNullable<Result['methods']>[number]

/** How far a sign-in has come. A new device needs a second factor, and the bank says which it takes. */
export type Step = { at: 'first' } | { at: 'second'; ticket: string; methods: readonly Method[]; method: Method }

export type SignIn = {
  step: Readonly<ShallowRef<Step>>
  state: Readonly<ShallowRef<Doing>>
  /** Seconds until the bank takes another try, after too many. */
  wait: ComputedRef<number>
  /** The code of the first and of the second factor. */
  code: Code
  second: Code
  sendCode: (contact: string) => Promise<boolean>
  byPassword: (identifier: string, password: string) => Promise<void>
  byCode: () => Promise<void>
  byPasskey: () => Promise<void>
  /** Completes with the chosen second factor. */
  complete: (password?: string) => Promise<void>
  choose: (method: Method) => Promise<void>
  restart: () => void
  clear: () => void
}

/** Signs in by password, code or passkey, with a second factor when the device is new. */
export function useSignIn(done: (session: Session) => void): SignIn {
  const step = shallowRef<Step>({ at: 'first' })
  const code = useCode('sign_in')
  const second = useCode('second_factor')
  const { left: wait, start } = useCountdown()
  const { state, run, clear } = useAct((attempt: () => Promise<Result>) => attempt())

  async function tried(attempt: () => Promise<Result>): Promise<void> {
    const result = await run(async () => accepted(await attempt()))
    if (result !== undefined) return take(result)
    if (state.value.status !== 'failed') return
    const { code: refusal, retryAfter = 0 } = state.value.problem
    if (retryAfter > 0) start(retryAfter)
    if (refusal === 'auth.ticket_expired') step.value = { at: 'first' }
    if (refusal.startsWith('auth.code_')) (step.value.at === 'first' ? code : second).typed.value = ''
  }

  async function take(result: Result): Promise<void> {
    if (result.session !== undefined) return done(result.session)
    const [method = 'password', ...others] = result.methods ?? []
    step.value = { at: 'second', ticket: result.ticket ?? '', methods: [method, ...others], method: result.challengeId === undefined ? method : 'code' }
    if (result.challengeId !== undefined) {
      second.take({ challengeId: result.challengeId, sentTo: result.sentTo ?? '', resendAfterSeconds: result.resendAfterSeconds ?? 0 })
    } else if (method === 'code') await choose('code') // none was sent by itself: it is asked for, and a wait is told
  }

  function complete(password?: string): Promise<void> {
    const here = step.value
    if (here.at === 'first') return Promise.resolve()
    return tried(async () => ask(api.POST('/sessions/second-factor', { body: { ticket: here.ticket, ...(await factor(here, password)) } })))
  }

  async function factor({ method, ticket }: Extract<Step, { at: 'second' }>, password = ''): Promise<Omit<components['schemas']['SecondFactor'], 'ticket'>> {
    if (method === 'code') return { method, ...second.answer() }
    if (method === 'passkey') return { method, ...(await askPasskey(await ask(api.POST('/sessions/passkey-options', { body: { ticket } })))) }
    return { method, password }
  }

  async function choose(method: Method): Promise<void> {
    if (step.value.at === 'first') return
    clear()
    step.value = { ...step.value, method }
    if (method === 'code' && second.sent.value === undefined) await second.send({ ticket: step.value.ticket })
  }

  return {
    step,
    state,
    wait,
    code,
    second,
    sendCode: (contact) => code.send(contactBody(kindOf(contact), contact)),
    byPassword: (identifier, password) => tried(() => ask(api.POST('/sessions/password', { body: { identifier: identifier.trim(), password } }))),
    byCode: () => tried(() => ask(api.POST('/sessions/code', { body: code.answer() }))),
    byPasskey: () => tried(async () => ask(api.POST('/sessions/passkey', { body: await askPasskey(await ask(api.POST('/sessions/passkey-options', { body: {} }))) }))),
    complete,
    choose,
    restart: () => {
      clear()
      step.value = { at: 'first' }
    },
    clear,
  }
}

/** Refuses an answer that is neither a session nor a ticket. */
function accepted(result: Result): Result {
  if (result.session === undefined && result.ticket === undefined) throw new ProblemError(ownProblem('client.unreadable'))
  return result
}
