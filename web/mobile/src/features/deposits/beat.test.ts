import type { Problem } from '@shared/api/problem'
import { describe, expect, it, test } from 'vitest'
import { isOver, meaningOf, next, type Beat, type Event } from './beat'
import type { Deposit, Quote } from './deposit'

const yuan = (amount: string) => ({ amount, currency: 'CNY' })
const quote: Quote = {
  quote: 'sealed', hash: 'h', amount: yuan('100.00'), interest: yuan('0.00'), tax: yuan('0.00'), parts: [], rate: '0.0095', percent: '0.95', atMaturity: yuan('0.95'), lost: yuan('0.00'),
  closes: false, proofs: ['pin', 'passkey'], expiresAt: '2026-11-22T10:00:00Z',
}
const deposit = { id: 'acct_1' } as Deposit // the beats look at nothing of it
const problem = (code: string, status: number): Problem => ({ code, status, title: code, fields: {}, params: {} })
const run = (...events: Event[]) => events.reduce<Beat>(next, { at: 'fill' })
const sent: Event[] = [{ what: 'check' }, { what: 'checked', quote }, { what: 'prove' }, { what: 'send', method: 'pin' }]
const after = (code: string, status: number) => run(...sent, { what: 'failed', problem: problem(code, status) })

describe('an act on a deposit', () => {
  it('goes through its five beats', () => {
    expect(run({ what: 'check' }, { what: 'checked', quote })).toEqual({ at: 'check', quote })
    expect(run(...sent)).toEqual({ at: 'sending', quote, method: 'pin', slow: false })
    expect(run(...sent, { what: 'slow' })).toMatchObject({ slow: true })
    expect(run(...sent, { what: 'answered', deposit })).toEqual({ at: 'done', deposit })
  })
  it('is not sent before it was checked, and a second tap is none', () => {
    expect(run({ what: 'send', method: 'pin' }).at).toBe('fill')
    const once = run(...sent)
    for (const event of [{ what: 'send', method: 'pin' }, { what: 'prove' }, { what: 'back' }] as const) expect(next(once, event)).toBe(once)
  })
  it('goes back step by step, and stays done', () => {
    const prove = run({ what: 'check' }, { what: 'checked', quote }, { what: 'prove' })
    expect(next(prove, { what: 'back' })).toEqual({ at: 'check', quote })
    expect(run({ what: 'check' }, { what: 'checked', quote }, { what: 'back' })).toEqual({ at: 'fill' })
    const done = run(...sent, { what: 'answered', deposit })
    for (const late of [{ what: 'failed', problem: problem('client.timeout', 0) }, { what: 'back' }] as const) expect(next(done, late)).toBe(done)
  })
})

describe('a sending that fails', () => {
  it('asks for the PIN again where it was typed', () => expect(after('auth.pin_wrong', 401)).toMatchObject({ at: 'prove', problem: { code: 'auth.pin_wrong' } }))
  it('says on the check sheet that the PIN is locked', () => expect(after('auth.pin_locked', 403)).toMatchObject({ at: 'check' }))
  it('goes back to the form when the quote is over', () => expect(after('deposit.quote_expired', 409)).toMatchObject({ at: 'fill', problem: { status: 409 } }))
  it('ends when the bank refuses', () => expect(after('ledger.insufficient_funds', 422)).toMatchObject({ at: 'refused' }))
  it.each([['client.timeout', 0], ['client.network', 0], ['internal', 500], ['once.running', 409]])('asks what became of it after %s', (code, status) => {
    expect(after(code, status)).toMatchObject({ at: 'asking', quote })
  })
})

describe('while nobody knows', () => {
  const asking: Beat = { at: 'asking', quote }
  it('no tap leads back to the form', () => {
    for (const event of [{ what: 'back' }, { what: 'check' }, { what: 'prove' }, { what: 'send', method: 'pin' }] as const) expect(next(asking, event)).toBe(asking)
  })
  it('a busy bank is no answer; one that says there is none leads to the check sheet', () => {
    expect(next(asking, { what: 'failed', problem: problem('request.too_many', 429) }).at).toBe('asking')
    expect(next(asking, { what: 'failed', problem: problem('deposit.proof_needed', 401) })).toMatchObject({ at: 'check' })
    expect(next(asking, { what: 'answered', deposit })).toEqual({ at: 'done', deposit })
  })
})

test('only a result uses the key up', () => {
  expect(isOver({ at: 'done', deposit })).toBe(true)
  expect(isOver({ at: 'refused', quote, problem: problem('deposit.too_little_left', 422) })).toBe(true)
  for (const beat of [{ at: 'fill' }, { at: 'check', quote }, { at: 'asking', quote }] satisfies Beat[]) expect(isOver(beat)).toBe(false)
})

test('a passkey that was turned away was never sent', () => expect(meaningOf(problem('client.passkey_cancelled', 0))).toBe('wait'))
