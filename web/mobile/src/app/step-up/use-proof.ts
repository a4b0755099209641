import { api } from '@app/api'
import { ask } from '@shared/api/client'
import { askPasskey, passkeysHere } from '@shared/api/passkey'
import { useAct } from '@shared/use/act'
import { useCountdown } from '@shared/use/countdown'
import { useLoad, type Loaded } from '@shared/use/load'
import { computed, reactive, ref, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import type { components } from '@shared/api/mobile'
import type { Doing } from '@shared/use/act'
import type { Purpose } from './index'
import { waysFor, type Way } from './ways'

type Sent = components['schemas']['SentCode']

const codeLength = 6

export type Proving = {
  ways: Readonly<ShallowRef<Loaded<readonly Way[]>>>
  reload: () => Promise<void>
  way: ComputedRef<Way | undefined>
  choose: (way: Way) => void
  others: ComputedRef<Way[]>
  typed: { password: string; code: string; pin: string }
  /** The code that is on its way, while it is asked for; the password comes before it. */
  sent: ComputedRef<Sent | undefined>
  state: Readonly<ShallowRef<Doing>>
  /** Seconds until the bank takes another try. */
  wait: ComputedRef<number>
  submit: () => Promise<void>
  sendCode: () => Promise<void>
  back: () => void
}

/** Behaves the sheet: which ways there are, and from what was typed to the proof. */
export function useProof(purpose: Purpose, done: (proof: string) => void): Proving {
  const { state: ways, reload } = useLoad((signal) => means(signal).then((has) => waysFor(purpose, has)))
  const chosen = ref<Way>()
  const way = computed(() => chosen.value ?? (ways.value.status === 'ready' ? ways.value.data[0] : undefined))
  const others = computed(() => (ways.value.status === 'ready' ? ways.value.data.filter((other) => other !== way.value) : []))
  const typed = reactive({ password: '', code: '', pin: '' })
  const code = shallowRef<Sent>()
  const asking = ref(false)
  const sent = computed(() => (asking.value ? code.value : undefined))
  const { left: wait, start } = useCountdown()
  const { state, run, clear } = useAct(attempt)

  async function attempt(what: 'prove' | 'send'): Promise<string | undefined> {
    if (what === 'send' || (way.value === 'password_and_code' && typed.code.length < codeLength)) {
      if (what === 'send' || code.value === undefined) code.value = await ask(api.POST('/codes', { body: { purpose: 'step_up' } }))
      typed.code = ''
      asking.value = true
      return undefined
    }
    const { proof } = await ask(api.POST('/step-ups', { body: { purpose, ...(await factor()) } }))
    return proof
  }

  async function factor(): Promise<Omit<components['schemas']['NewStepUp'], 'purpose'>> {
    switch (way.value) {
      case 'passkey':
        return { method: 'passkey', ...(await askPasskey(await ask(api.POST('/step-ups/passkey-options', { body: { purpose } })))) }
      case 'pin':
        return { method: 'pin', pin: typed.pin }
      case 'password_and_code':
        return { method: 'password_and_code', password: typed.password, code: typed.code, challengeId: code.value?.challengeId ?? '' }
      default:
        return { method: 'password', password: typed.password }
    }
  }

  async function submit(): Promise<void> {
    const proof = await run('prove')
    if (proof !== undefined) done(proof)
    else settle()
  }

  /** After a refusal: what was wrong is typed again, what was right stays. */
  function settle(): void {
    if (state.value.status !== 'failed') return
    const { code: refusal, retryAfter = 0 } = state.value.problem
    typed.pin = ''
    if (refusal.startsWith('auth.code')) typed.code = ''
    if (refusal === 'auth.wrong_credentials') typed.password = ''
    if (retryAfter > 0) start(retryAfter)
  }

  async function sendCode(): Promise<void> {
    await run('send')
    settle()
  }

  function choose(other: Way): void {
    clear()
    chosen.value = other
  }

  watch(way, () => {
    Object.assign(typed, { password: '', code: '', pin: '' })
    asking.value = false
  })
  return { ways, reload, way, choose, others, typed, sent, state, wait, submit, sendCode, back: () => (asking.value = false) }
}

async function means(signal: AbortSignal): Promise<{ passkey: boolean; pin: boolean }> {
  const [passkeys, pin] = await Promise.all([ask(api.GET('/passkeys', { signal })), ask(api.GET('/pin', { signal }))])
  return { passkey: passkeysHere() && passkeys.items.length > 0, pin: pin.set && !pin.locked }
}
