import { api } from '@app/api'
import { contactBody, type ContactKind } from '@app/identity/contact'
import { isOfCode, useCode, type Code } from '@app/identity/use-code'
import { signedIn } from '@app/session'
import { ask, provenBy } from '@shared/api/client'
import type { components } from '@shared/api/mobile'
import { useLocale } from '@shared/i18n/text'
import { useAct, type Doing } from '@shared/use/act'
import { reactive, ref, type Ref, type ShallowRef } from 'vue'

type Choice = components['schemas']['ConsentChoice']

/** The steps of becoming a customer; with `pin` the person is one already. */
export type Step = 'contact' | 'code' | 'password' | 'consents' | 'pin' | 'done'
export const steps = ['contact', 'code', 'password', 'consents', 'pin'] as const

export type Registration = {
  step: Ref<Step>
  form: { kind: ContactKind; contact: string; password: string }
  code: Code
  /** Of the registration itself, and of the PIN. */
  state: Readonly<ShallowRef<Doing>>
  pinState: Readonly<ShallowRef<Doing>>
  sendCode: () => Promise<void>
  codeTyped: () => Promise<void>
  register: (choices: readonly Choice[]) => Promise<void>
  setPin: (pin: string) => Promise<void>
  back: () => boolean
}

/** Walks a newcomer from contact to payment PIN. */
export function useRegistration(): Registration {
  const step = ref<Step>('contact')
  const form = reactive<{ kind: ContactKind; contact: string; password: string }>({ kind: 'phone', contact: '', password: '' })
  const code = useCode('register')
  const locale = useLocale()
  let choices: readonly Choice[] = []
  let sentTo = ''
  const { state, run, clear } = useAct(() => ask(api.POST('/registrations', { body: { ...code.answer(), password: form.password, consents: [...choices], locale: locale.value } })))
  const { state: pinState, run: runPin } = useAct(choosePin)

  async function sendCode(): Promise<void> {
    // A code that is on its way to the same place is still good.
    if (sentTo === form.contact && code.sent.value !== undefined) step.value = 'code'
    else if (await code.send(contactBody(form.kind, form.contact))) {
      sentTo = form.contact
      step.value = 'code'
    }
  }

  /** The bank looks at the code together with the rest; one that was wrong is typed again without repeating the rest. */
  async function codeTyped(): Promise<void> {
    clear()
    if (choices.length > 0) await register(choices)
    else step.value = 'password'
  }

  async function register(given: readonly Choice[]): Promise<void> {
    choices = given
    const result = await run()
    if (result?.session !== undefined) {
      signedIn(result.session)
      step.value = 'pin'
      return
    }
    if (state.value.status !== 'failed') return
    const { code: refusal } = state.value.problem
    if (isOfCode(refusal)) {
      code.typed.value = ''
      step.value = 'code'
    } else if (refusal.startsWith('auth.password_')) step.value = 'password'
  }

  let proof: string | undefined
  async function choosePin(pin: string): Promise<void> {
    proof ??= (await ask(api.POST('/step-ups', { body: { purpose: 'pin.change', method: 'password', password: form.password } }))).proof
    await ask(api.POST('/pin', { body: { pin }, headers: provenBy(proof) }))
  }
  async function setPin(pin: string): Promise<void> {
    await runPin(pin)
    if (pinState.value.status === 'idle') step.value = 'done'
    // A proof that the bank no longer takes is made anew by the next try.
    else if (pinState.value.status === 'failed' && pinState.value.problem.status === 401) proof = undefined
  }

  function back(): boolean {
    const before = { contact: undefined, code: 'contact', password: 'code', consents: 'password', pin: undefined, done: undefined } as const
    const to = before[step.value]
    if (to === undefined) return false
    step.value = to
    return true
  }

  return { step, form, code, state, pinState, sendCode, codeTyped, register, setPin, back }
}
