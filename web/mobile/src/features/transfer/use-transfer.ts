import { api } from '@app/api'
import { useStepUp } from '@app/step-up'
import { ask, newKey, onceOnly, provenBy } from '@shared/api/client'
import { askPasskey, passkeysHere } from '@shared/api/passkey'
import { problemOf } from '@shared/api/problem'
import { parseAmount } from '@shared/values/money'
import { onScopeDispose, reactive, shallowRef, watch, type ShallowRef } from 'vue'
import { isOver, next, type Beat, type Event } from './beat'
import { drop, keep, recall, type Draft, type Kept, type Method } from './draft'
import { primaryProof, type Means } from './proof'

export type Paying = {
  draft: Draft
  beat: Readonly<ShallowRef<Beat>>
  /** What this person can prove a payment with; a PIN until the bank has said otherwise. */
  means: Readonly<ShallowRef<Means>>
  check: () => Promise<void>
  /** Goes on from the check sheet in the easiest way that the bank takes. */
  confirm: (why: string) => Promise<void>
  withPasskey: () => Promise<void>
  withPin: (pin: string) => Promise<void>
  /** Asks the bank again what became of a payment that had no answer. */
  askAgain: () => Promise<void>
  back: () => void
}

/** When a payment counts as slow, and the screen says what is happening. */
const slowMs = 3_000
/** A lost answer is asked for by itself so often, with this pause; after that the person decides. */
const asksMost = 5
const askPauseMs = 3_000
const currency = 'CNY'

type Proof = { method: Method; pin?: string; challengeId?: string; credential?: Record<string, unknown>; stepUp?: string }

/** Behaves the payment form of a customer: from what is filled in to a result, once. */
export function useTransfer(customer: string): Paying {
  let kept: Kept = recall(customer)
  const draft = reactive<Draft>({ ...kept.draft })
  const beat = shallowRef<Beat>(kept.sent === undefined ? { at: 'fill' } : { at: 'asking', sent: kept.sent })
  const means = shallowRef<Means>({ pin: true, passkey: false })
  const { prove } = useStepUp()
  const leaving = new AbortController()
  let asks = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const store = (change: Partial<Kept>) => keep((kept = { ...kept, ...change }))
  watch(draft, () => store({ draft: { ...draft } }))

  function step(event: Event): void {
    const before = beat.value
    beat.value = next(before, event)
    if (beat.value === before) return
    if (beat.value.at === 'done') drop()
    else if (isOver(beat.value)) store({ key: newKey(), sent: undefined })
    else if (beat.value.at !== 'sending' && beat.value.at !== 'asking') store({ sent: undefined })
  }

  async function check(): Promise<void> {
    const amount = parseAmount(draft.amount, currency)
    if (!amount.ok || draft.payee === undefined || draft.from === undefined || beat.value.at !== 'fill') return
    step({ what: 'check' })
    const memo = draft.memo.trim()
    try {
      const body = { fromAccountId: draft.from, payee: draft.payee.ref, amount: { amount: amount.amount, currency }, arrival: draft.arrival, ...(memo === '' ? {} : { memo }) }
      step({ what: 'checked', intent: await ask(api.POST('/transfers/check', { body })) })
    } catch (thrown) {
      step({ what: 'failed', problem: problemOf(thrown) })
    }
  }

  async function confirm(why: string): Promise<void> {
    if (beat.value.at !== 'check') return
    switch (primaryProof(beat.value.intent, means.value)) {
      case 'none':
        return send({ method: 'none' })
      case 'passkey':
        return withPasskey()
      case 'pin':
        return step({ what: 'prove' })
      case 'pin_and_step_up': {
        const stepUp = await prove('payment.send', why)
        if (stepUp !== undefined) step({ what: 'prove', stepUp })
      }
    }
  }

  async function withPasskey(): Promise<void> {
    if (beat.value.at === 'prove') step({ what: 'back' })
    if (beat.value.at !== 'check') return
    try {
      const options = await ask(api.POST('/transfers/passkey-options', { body: { intent: beat.value.intent.intent } }))
      await send({ method: 'passkey', ...(await askPasskey(options, leaving.signal)) })
    } catch (thrown) {
      step({ what: 'failed', problem: problemOf(thrown) })
    }
  }

  async function withPin(pin: string): Promise<void> {
    if (beat.value.at !== 'prove') return
    const { stepUp } = beat.value
    await send(stepUp === undefined ? { method: 'pin', pin } : { method: 'pin_and_step_up', pin, stepUp })
  }

  async function send({ stepUp, ...proof }: Proof): Promise<void> {
    const { value } = beat
    if (value.at !== 'check' && value.at !== 'prove') return
    step({ what: 'send', method: proof.method })
    // Kept before it leaves: whatever happens to this page now, the next one asks what became of it.
    store({ sent: { intent: value.intent, method: proof.method } })
    timer = setTimeout(() => step({ what: 'slow' }), slowMs)
    await hand(value.intent.intent, proof, stepUp)
    clearTimeout(timer)
    if (beat.value.at === 'asking') later()
  }

  async function hand(intent: string, proof: Omit<Proof, 'stepUp'>, stepUp?: string): Promise<void> {
    try {
      const transfer = await ask(api.POST('/transfers', { params: { header: onceOnly(kept.key) }, body: { intent, proof }, headers: stepUp === undefined ? {} : provenBy(stepUp) }))
      step({ what: 'answered', transfer })
    } catch (thrown) {
      step({ what: 'failed', problem: problemOf(thrown) })
    }
  }

  /** The same key and intent again, with nothing that could prove it anew: the bank answers with the first result, or says that there is none. */
  async function askAgain(): Promise<void> {
    if (beat.value.at !== 'asking' || leaving.signal.aborted) return
    await hand(beat.value.sent.intent.intent, { method: 'none' })
    if (beat.value.at === 'asking') later()
  }

  function later(): void {
    clearTimeout(timer)
    if (++asks < asksMost && !leaving.signal.aborted) timer = setTimeout(() => void askAgain(), askPauseMs)
  }

  async function readMeans(): Promise<void> {
    try {
      const [pin, passkeys] = await Promise.all([ask(api.GET('/pin', { signal: leaving.signal })), passkeysHere() ? ask(api.GET('/passkeys', { signal: leaving.signal })) : { items: [] }])
      means.value = { pin: pin.set, passkey: passkeys.items.length > 0 }
    } catch {
      // The bank says at the proof what is missing.
    }
  }

  const online = () => void askAgain()
  addEventListener('online', online)
  onScopeDispose(() => {
    removeEventListener('online', online)
    clearTimeout(timer)
    leaving.abort()
  })
  store({})
  void readMeans()
  void askAgain()
  return { draft, beat, means, check, confirm, withPasskey, withPin, askAgain, back: () => step({ what: 'back' }) }
}
