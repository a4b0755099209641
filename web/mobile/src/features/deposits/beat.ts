import { isUnknownOutcome, type Problem } from '@shared/api/problem'
import type { Deposit, Quote } from './deposit'

export type Method = 'pin' | 'passkey'

/**
 * Where an act on a deposit stands. Each beat holds exactly what its screen needs: nothing is proved without a quote, nothing
 * is asked after that was not sent. Payments have the same beats with an intent in place of the quote, and more proofs.
 */
export type Beat =
  | { at: 'fill'; problem?: Problem }
  /** The bank is looking at what was filled in. */
  | { at: 'checking' }
  /** The sheet with what exactly will be done. */
  | { at: 'check'; quote: Quote; problem?: Problem }
  | { at: 'prove'; quote: Quote; problem?: Problem }
  /** It is with the bank. `slow`: longer than usual, and the screen says what is happening. */
  | { at: 'sending'; quote: Quote; method: Method; slow: boolean }
  /** It was sent and no answer came: the bank is asked what became of it. */
  | { at: 'asking'; quote: Quote; problem?: Problem }
  /** The bank refused for good: nothing was done. */
  | { at: 'refused'; quote: Quote; problem: Problem }
  | { at: 'done'; deposit: Deposit }

export type Event =
  | { what: 'check' }
  | { what: 'checked'; quote: Quote }
  | { what: 'prove' }
  | { what: 'send'; method: Method }
  | { what: 'slow' }
  | { what: 'answered'; deposit: Deposit }
  | { what: 'failed'; problem: Problem }
  | { what: 'back' }

/** Answers that are no result: the key stays free, and the person proves again. */
const proveAgain: ReadonlySet<string> = new Set(['auth.pin_wrong', 'auth.pin_locked', 'auth.pin_not_set', 'auth.passkey_refused', 'auth.wrong_method', 'deposit.proof_needed'])
/** The quote no longer holds: what was filled in is checked anew. */
const checkAgain: ReadonlySet<string> = new Set(['deposit.quote_expired', 'deposit.bad_quote'])
/** The person turned away from a passkey, or has none here: nothing was sent. */
const neverSent: ReadonlySet<string> = new Set(['client.passkey_cancelled', 'client.passkey_missing'])

/** What a failed sending means. Only `unknown` may have done it. */
export function meaningOf(problem: Problem): 'unknown' | 'prove-again' | 'check-again' | 'wait' | 'refused' {
  if (problem.code === 'once.running' || (isUnknownOutcome(problem) && !neverSent.has(problem.code))) return 'unknown'
  if (problem.status === 429 || problem.status === 0 || problem.code === 'session.required') return 'wait'
  if (proveAgain.has(problem.code)) return 'prove-again'
  return checkAgain.has(problem.code) ? 'check-again' : 'refused'
}

/** The next beat. An event that does not belong to a beat changes nothing: a late answer, a second tap. */
export function next(beat: Beat, event: Event): Beat {
  switch (beat.at) {
    case 'fill':
      return event.what === 'check' ? { at: 'checking' } : beat
    case 'checking':
      if (event.what === 'checked') return { at: 'check', quote: event.quote }
      return event.what === 'failed' ? { at: 'fill', problem: event.problem } : beat
    case 'check':
    case 'prove':
      return beforeSending(beat, event)
    case 'sending':
      if (event.what === 'slow') return { ...beat, slow: true }
      if (event.what === 'answered') return { at: 'done', deposit: event.deposit }
      return event.what === 'failed' ? afterSending(beat, event.problem) : beat
    case 'asking':
      if (event.what === 'answered') return { at: 'done', deposit: event.deposit }
      return event.what === 'failed' ? afterAsking(beat, event.problem) : beat
    case 'refused':
      return event.what === 'back' ? { at: 'fill' } : beat
    case 'done':
      return beat
  }
}

type At<A extends Beat['at']> = Extract<Beat, { at: A }>

function beforeSending(beat: At<'check'> | At<'prove'>, event: Event): Beat {
  const { quote } = beat
  switch (event.what) {
    case 'prove':
      return beat.at === 'check' ? { at: 'prove', quote } : beat
    case 'send':
      return { at: 'sending', quote, method: event.method, slow: false }
    case 'failed':
      return { at: 'check', quote, problem: event.problem }
    case 'back':
      return beat.at === 'check' ? { at: 'fill' } : { at: 'check', quote }
    default:
      return beat
  }
}

function afterSending({ quote, method }: At<'sending'>, problem: Problem): Beat {
  if (meaningOf(problem) === 'unknown') return { at: 'asking', quote, problem }
  // A wrong PIN is typed again where it was typed.
  if (method === 'pin' && problem.code === 'auth.pin_wrong') return { at: 'prove', quote, problem }
  return told(quote, problem)
}

function afterAsking({ quote }: At<'asking'>, problem: Problem): Beat {
  const meaning = meaningOf(problem)
  return meaning === 'unknown' || meaning === 'wait' ? { at: 'asking', quote, problem } : told(quote, problem)
}

/** Where an act stands that the bank says it has not done. */
function told(quote: Quote, problem: Problem): Beat {
  const meaning = meaningOf(problem)
  if (meaning === 'check-again') return { at: 'fill', problem }
  return meaning === 'refused' ? { at: 'refused', quote, problem } : { at: 'check', quote, problem }
}

/** Whether the key has served: the next act needs one of its own. */
export function isOver(beat: Beat): boolean {
  return beat.at === 'done' || beat.at === 'refused'
}
