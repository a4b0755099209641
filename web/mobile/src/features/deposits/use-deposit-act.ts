import { api } from '@app/api'
import { useSession } from '@app/session'
import { ask, newKey, onceOnly } from '@shared/api/client'
import { askPasskey, passkeysHere } from '@shared/api/passkey'
import { problemOf } from '@shared/api/problem'
import { onScopeDispose, reactive, shallowRef, watch, type ShallowRef } from 'vue'
import { isOver, next, type Beat, type Event, type Method } from './beat'
import type { DepositDraft } from './deposit'
import { drop, keep, recall, type Form, type Kept } from './kept'

export type Means = { pin: boolean; passkey: boolean }

export type Acting<F extends Form = Form> = {
  form: F
  beat: Readonly<ShallowRef<Beat>>
  /** What this person can prove an act with; a PIN until the bank has said otherwise. */
  means: Readonly<ShallowRef<Means>>
  check: () => Promise<void>
  /** Goes on from the check sheet in the easiest way that the person has. */
  confirm: () => Promise<void>
  withPasskey: () => Promise<void>
  withPin: (pin: string) => Promise<void>
  /** Asks the bank again what became of an act that had no answer. */
  askAgain: () => Promise<void>
  back: () => void
}

/** When an act counts as slow, and the screen says what is happening. */
const slowMs = 3_000
/** A lost answer is asked for by itself so often, with this pause; after that the person decides. */
const asksMost = 5
const askPauseMs = 3_000

type Proof = { method: Method | 'none'; pin?: string; challengeId?: string; credential?: Record<string, unknown> }

/**
 * Behaves one act on a deposit, from what is filled in to a result, once. `name` is the form's own ("open.term_1y", "withdraw.acct_…"):
 * two forms never share a key. `draft` says what the form asks the bank for; undefined while it cannot be asked.
 */
export function useDepositAct<F extends Form>(name: string, empty: F, draft: (form: F) => DepositDraft | undefined): Acting<F> {
  const session = useSession()
  let kept: Kept<F> = recall(session.value.status === 'in' ? session.value.session.customer : '', name, empty)
  const form = reactive({ ...kept.form }) as F // of plain words and switches: reactive() unwraps nothing in it
  const beat = shallowRef<Beat>(kept.sent === undefined ? { at: 'fill' } : { at: 'asking', quote: kept.sent })
  const means = shallowRef<Means>({ pin: true, passkey: false })
  const leaving = new AbortController()
  let asks = 0
  let timer: ReturnType<typeof setTimeout> | undefined

  const store = (change: Partial<Kept<F>>) => keep(name, (kept = { ...kept, ...change }))
  watch(form, () => store({ form: { ...form } }))

  function step(event: Event): void {
    const before = beat.value
    beat.value = next(before, event)
    if (beat.value === before) return
    if (beat.value.at === 'done') drop(name)
    else if (isOver(beat.value)) store({ key: newKey(), sent: undefined })
    else if (beat.value.at !== 'sending' && beat.value.at !== 'asking') store({ sent: undefined })
  }

  async function check(): Promise<void> {
    const body = draft(form)
    if (body === undefined || beat.value.at !== 'fill') return
    step({ what: 'check' })
    try {
      step({ what: 'checked', quote: await ask(api.POST('/deposits/check', { body })) })
    } catch (thrown) {
      step({ what: 'failed', problem: problemOf(thrown) })
    }
  }

  async function confirm(): Promise<void> {
    if (beat.value.at !== 'check') return
    if (means.value.passkey && beat.value.quote.proofs.includes('passkey')) return withPasskey()
    step({ what: 'prove' })
  }

  async function withPasskey(): Promise<void> {
    if (beat.value.at === 'prove') step({ what: 'back' })
    if (beat.value.at !== 'check') return
    try {
      const options = await ask(api.POST('/deposits/passkey-options', { body: { quote: beat.value.quote.quote } }))
      await send({ method: 'passkey', ...(await askPasskey(options, leaving.signal)) })
    } catch (thrown) {
      step({ what: 'failed', problem: problemOf(thrown) })
    }
  }

  async function withPin(pin: string): Promise<void> {
    if (beat.value.at === 'prove') await send({ method: 'pin', pin })
  }

  async function send(proof: Proof & { method: Method }): Promise<void> {
    const { value } = beat
    if (value.at !== 'check' && value.at !== 'prove') return
    step({ what: 'send', method: proof.method })
    // Kept before it leaves: whatever happens to this page now, the next one asks what became of it.
    store({ sent: value.quote })
    timer = setTimeout(() => step({ what: 'slow' }), slowMs)
    await hand(value.quote.quote, proof)
    clearTimeout(timer)
    if (beat.value.at === 'asking') later()
  }

  async function hand(quote: string, proof: Proof): Promise<void> {
    try {
      step({ what: 'answered', deposit: await ask(api.POST('/deposits', { params: { header: onceOnly(kept.key) }, body: { quote, proof } })) })
    } catch (thrown) {
      step({ what: 'failed', problem: problemOf(thrown) })
    }
  }

  /** The same key and quote again, with nothing that proves: the bank answers with the first result, or says that there is none. */
  async function askAgain(): Promise<void> {
    if (beat.value.at !== 'asking' || leaving.signal.aborted) return
    await hand(beat.value.quote.quote, { method: 'none' })
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
  return { form, beat, means, check, confirm, withPasskey, withPin, askAgain, back: () => step({ what: 'back' }) }
}
