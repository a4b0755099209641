import type { Problem } from '@shared/api/problem'
import { describe, expect, it, test } from 'vitest'
import { isOver, meaningOf, next, type Beat, type Event } from './beat'
import type { Intent, Transfer } from './draft'

const yuan = (amount: string) => ({ amount, currency: 'CNY' })
const intent: Intent = {
  intent: 'sealed', hash: 'h', amount: yuan('12.50'), fee: yuan('0.00'), arrival: { kind: 'real_time' }, expiresAt: '2026-11-22T10:00:00Z', limits: { left: yuan('100.00') },
  newPayee: false, payee: { name: '王*明', account: '6217 **** **** 3313' }, payer: { account: '6217 **** **** 0384', accountId: 'acct_1', available: yuan('100.00') }, proofs: ['pin', 'passkey'], warnings: [],
}
const transfer: Transfer = {
  id: 'trfr_1', account: '6217 **** **** 0384', accountId: 'acct_1', amount: yuan('12.50'), arrival: 'real_time', counterparty: { name: '王*明', account: '6217 **** **** 3313' },
  direction: 'out', hasReceipt: true, madeAt: '2026-11-22T10:00:00Z', state: 'settled',
}
const problem = (code: string, status: number): Problem => ({ code, status, title: code, fields: {}, params: {} })
const run = (...events: Event[]) => events.reduce<Beat>(next, { at: 'fill' })
const sent: Event[] = [{ what: 'check' }, { what: 'checked', intent }, { what: 'prove' }, { what: 'send', method: 'pin' }]
const after = (code: string, status: number) => run(...sent, { what: 'failed', problem: problem(code, status) })

describe('a payment', () => {
  it('goes through its five beats', () => {
    expect(run().at).toBe('fill')
    expect(run({ what: 'check' }).at).toBe('checking')
    expect(run({ what: 'check' }, { what: 'checked', intent })).toEqual({ at: 'check', intent })
    expect(run(...sent)).toEqual({ at: 'sending', intent, method: 'pin', slow: false })
    expect(run(...sent, { what: 'slow' })).toMatchObject({ at: 'sending', slow: true })
    expect(run(...sent, { what: 'answered', transfer })).toEqual({ at: 'done', transfer })
  })
  it('is not sent before it was checked', () => {
    expect(run({ what: 'send', method: 'pin' }).at).toBe('fill')
    expect(run({ what: 'check' }, { what: 'send', method: 'none' }).at).toBe('checking')
  })
  it('takes a second tap for none', () => {
    const once = run(...sent)
    expect(next(once, { what: 'send', method: 'pin' })).toBe(once)
    expect(next(once, { what: 'prove' })).toBe(once)
    expect(next(once, { what: 'back' })).toBe(once)
  })
  it('stays done, whatever comes late', () => {
    const done = run(...sent, { what: 'answered', transfer })
    for (const late of [{ what: 'failed', problem: problem('client.timeout', 0) }, { what: 'back' }, { what: 'slow' }] as const) expect(next(done, late)).toBe(done)
  })
  it('carries the proof of a step-up to the PIN, and forgets it on the way back', () => {
    const beat = run({ what: 'check' }, { what: 'checked', intent }, { what: 'prove', stepUp: 'proof' })
    expect(beat).toEqual({ at: 'prove', intent, stepUp: 'proof' })
    expect(next(beat, { what: 'back' })).toEqual({ at: 'check', intent })
  })
})

describe('a sending that fails', () => {
  it('asks for the PIN again where it was typed', () => expect(after('auth.pin_wrong', 401)).toMatchObject({ at: 'prove', problem: { code: 'auth.pin_wrong' } }))
  it('says on the check sheet that the PIN is locked', () => expect(after('auth.pin_locked', 403)).toMatchObject({ at: 'check' }))
  it('asks for a stronger proof, and says why', () => expect(after('payment.stronger_proof_needed', 401)).toMatchObject({ at: 'check', intent: { proofs: ['passkey', 'pin_and_step_up'] }, problem: { status: 401 } }))
  it('goes back to the form when the intent is over', () => expect(after('payment.intent_expired', 409)).toMatchObject({ at: 'fill', problem: { status: 409 } }))
  it('ends when the bank refuses', () => expect(after('ledger.insufficient_funds', 422)).toMatchObject({ at: 'refused' }))
  it.each([['client.timeout', 0], ['client.offline', 0], ['client.network', 0], ['internal', 500], ['client.unreadable', 502], ['once.running', 409]])('asks what became of it after %s', (code, status) => {
    expect(after(code, status)).toMatchObject({ at: 'asking', sent: { intent, method: 'pin' } })
  })
})

describe('while nobody knows', () => {
  const asking: Beat = { at: 'asking', sent: { intent, method: 'pin' } }
  it('no tap leads back to the form or to a new payment', () => {
    for (const event of [{ what: 'back' }, { what: 'check' }, { what: 'prove' }, { what: 'send', method: 'pin' }] as const) expect(next(asking, event)).toBe(asking)
  })
  it('a busy bank and an ended session are no answer', () => {
    expect(next(asking, { what: 'failed', problem: problem('request.too_many', 429) }).at).toBe('asking')
    expect(next(asking, { what: 'failed', problem: problem('session.required', 401) }).at).toBe('asking')
  })
  it('the bank says that there is none: the check sheet comes back', () => expect(next(asking, { what: 'failed', problem: problem('payment.proof_needed', 401) })).toMatchObject({ at: 'check' }))
  it('the bank says what became of it', () => expect(next(asking, { what: 'answered', transfer })).toEqual({ at: 'done', transfer }))
})

test('only a result uses the key up', () => {
  expect(isOver({ at: 'done', transfer })).toBe(true)
  expect(isOver({ at: 'refused', intent, problem: problem('limit.daily', 422) })).toBe(true)
  for (const beat of [{ at: 'fill' }, { at: 'check', intent }, { at: 'asking', sent: { intent, method: 'pin' } }] satisfies Beat[]) expect(isOver(beat)).toBe(false)
})

test('a passkey that was turned away was never sent', () => {
  expect(meaningOf(problem('client.passkey_cancelled', 0))).toBe('wait')
})
