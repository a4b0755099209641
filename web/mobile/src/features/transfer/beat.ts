import { isUnknownOutcome, type Problem } from '@shared/api/problem'
import type { Intent, Method, Sent, Transfer } from './draft'

/**
 * Where a payment stands. Each beat holds exactly what its screen needs, so that a screen that cannot be cannot be written:
 * nothing is proved without an intent, nothing is asked after that was not sent.
 */
export type Beat =
  | { at: 'fill'; problem?: Problem }
  /** The bank is looking at what was filled in. */
  | { at: 'checking' }
  /** The sheet with what exactly will be done. */
  | { at: 'check'; intent: Intent; problem?: Problem }
  /** The PIN is asked for; `stepUp` is the proof that a stronger payment wants beside it. */
  | { at: 'prove'; intent: Intent; stepUp?: string; problem?: Problem }
  /** It is with the bank. `slow`: it takes longer than usual, and the screen says what is happening. */
  | { at: 'sending'; intent: Intent; method: Method; slow: boolean }
  /** It was sent and no answer came: the bank is asked what became of it. */
  | { at: 'asking'; sent: Sent; problem?: Problem }
  /** The bank refused for good: nothing was paid. */
  | { at: 'refused'; intent: Intent; problem: Problem }
  | { at: 'done'; transfer: Transfer }

export type Event =
  | { what: 'check' }
  | { what: 'checked'; intent: Intent }
  | { what: 'prove'; stepUp?: string }
  | { what: 'send'; method: Method }
  | { what: 'slow' }
  | { what: 'answered'; transfer: Transfer }
  | { what: 'failed'; problem: Problem }
  | { what: 'back' }

/** Answers that are no result: the key stays free, and the person proves again. */
const proveAgain: ReadonlySet<string> = new Set(['auth.pin_wrong', 'auth.pin_locked', 'auth.pin_not_set', 'auth.passkey_refused', 'auth.wrong_method', 'payment.proof_needed', 'limit.small_needs_pin'])
/** A stronger proof is wanted, or the one that was given no longer serves. */
const proveStronger: ReadonlySet<string> = new Set(['payment.stronger_proof_needed', 'auth.step_up_needed', 'stepup.required'])
/** The intent no longer holds: what was filled in is checked anew. */
const checkAgain: ReadonlySet<string> = new Set(['payment.intent_expired', 'payment.intent_of_other_session', 'payment.bad_intent'])

/** What a failed sending means for the payment. Only `unknown` may have paid. */
export function meaningOf(problem: Problem): 'unknown' | 'prove-again' | 'prove-stronger' | 'check-again' | 'wait' | 'refused' {
  if (isUnknownOutcome(problem) && problem.code !== 'client.passkey_cancelled' && problem.code !== 'client.passkey_missing') return 'unknown'
  if (problem.code === 'once.running') return 'unknown'
  if (problem.status === 429 || problem.status === 0 || problem.code === 'session.required') return 'wait'
  if (proveAgain.has(problem.code)) return 'prove-again'
  if (proveStronger.has(problem.code)) return 'prove-stronger'
  return checkAgain.has(problem.code) ? 'check-again' : 'refused'
}

/** The next beat. An event that does not belong to a beat changes nothing: a late answer, a second tap. */
export function next(beat: Beat, event: Event): Beat {
  switch (beat.at) {
    case 'fill':
      return event.what === 'check' ? { at: 'checking' } : beat
    case 'checking':
      if (event.what === 'checked') return { at: 'check', intent: event.intent }
      return event.what === 'failed' ? { at: 'fill', problem: event.problem } : beat
    case 'check':
      return afterCheck(beat, event)
    case 'prove':
      if (event.what === 'send') return { at: 'sending', intent: beat.intent, method: event.method, slow: false }
      return event.what === 'back' ? { at: 'check', intent: beat.intent } : beat
    case 'sending':
      return afterSending(beat, event)
    case 'asking':
      return afterAsking(beat, event)
    case 'refused':
      return event.what === 'back' ? { at: 'fill' } : beat
    case 'done':
      return beat
  }
}

type At<A extends Beat['at']> = Extract<Beat, { at: A }>

function afterCheck(beat: At<'check'>, event: Event): Beat {
  switch (event.what) {
    case 'prove':
      return { at: 'prove', intent: beat.intent, ...(event.stepUp === undefined ? {} : { stepUp: event.stepUp }) }
    case 'send':
      return { at: 'sending', intent: beat.intent, method: event.method, slow: false }
    case 'failed':
      return { at: 'check', intent: beat.intent, problem: event.problem }
    case 'back':
      return { at: 'fill' }
    default:
      return beat
  }
}

function afterSending(beat: At<'sending'>, event: Event): Beat {
  if (event.what === 'slow') return { ...beat, slow: true }
  if (event.what === 'answered') return { at: 'done', transfer: event.transfer }
  if (event.what !== 'failed') return beat
  const { intent, method } = beat
  const { problem } = event
  const meaning = meaningOf(problem)
  if (meaning === 'unknown') return { at: 'asking', sent: { intent, method }, problem }
  // A wrong PIN is typed again where it was typed.
  if (meaning === 'prove-again' && method === 'pin' && problem.code === 'auth.pin_wrong') return { at: 'prove', intent, problem }
  return told(intent, problem)
}

function afterAsking(beat: At<'asking'>, event: Event): Beat {
  if (event.what === 'answered') return { at: 'done', transfer: event.transfer }
  if (event.what !== 'failed') return beat
  const { sent } = beat
  const meaning = meaningOf(event.problem)
  return meaning === 'unknown' || meaning === 'wait' ? { at: 'asking', sent, problem: event.problem } : told(sent.intent, event.problem)
}

/** Where a payment stands that the bank says it has not made. */
function told(intent: Intent, problem: Problem): Beat {
  switch (meaningOf(problem)) {
    case 'prove-again':
    case 'wait':
      return { at: 'check', intent, problem }
    case 'prove-stronger':
      return { at: 'check', intent: { ...intent, proofs: ['passkey', 'pin_and_step_up'] }, problem }
    case 'check-again':
      return { at: 'fill', problem }
    default:
      return { at: 'refused', intent, problem }
  }
}

/** Whether the key has served: the next payment needs one of its own. */
export function isOver(beat: Beat): boolean {
  return beat.at === 'done' || beat.at === 'refused'
}
