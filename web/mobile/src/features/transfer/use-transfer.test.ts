import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope, nextTick, type EffectScope } from 'vue'
import type { Intent, Transfer } from './draft'
import { useTransfer, type Paying } from './use-transfer'

const yuan = (amount: string) => ({ amount, currency: 'CNY' })
const intent: Intent = {
  intent: 'sealed-1', hash: 'h', amount: yuan('12.50'), fee: yuan('0.00'), arrival: { kind: 'real_time' }, expiresAt: '2026-11-22T10:00:00Z', limits: { left: yuan('100.00') },
  newPayee: false, payee: { name: '王*明', account: '6217 **** **** 3313' }, payer: { account: '6217 **** **** 0384', accountId: 'acct_1', available: yuan('100.00') }, proofs: ['pin'], warnings: [],
}
const transfer: Transfer = {
  id: 'trfr_1', account: '6217 **** **** 0384', accountId: 'acct_1', amount: yuan('12.50'), arrival: 'real_time', counterparty: { name: '王*明', account: '6217 **** **** 3313' },
  direction: 'out', hasReceipt: true, madeAt: '2026-11-22T10:00:00Z', state: 'settled',
}
type Sent = { key: string | null; intent: string; proof: { method: string; pin?: string } }

/** A bank that answers sendings in turn, and keeps what it was sent. */
let sendings: Sent[] = []
let answers: (() => Response | Promise<Response>)[] = []
let checks = 0
const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
const refuse = (code: string, status: number, params = {}) => () => json({ code, title: code, status, params }, status)
const lose = () => Promise.reject(new TypeError('Failed to fetch'))
const pay = () => json(transfer, 201)

let scope: EffectScope
const settle = async () => {
  await vi.advanceTimersByTimeAsync(10)
  await nextTick()
}

beforeEach(() => {
  vi.useFakeTimers()
  sendings = []
  answers = []
  checks = 0
  vi.stubGlobal('fetch', async (request: Request) => {
    const { pathname } = new URL(request.url)
    if (pathname.endsWith('/pin')) return json({ set: true, locked: false, triesLeft: 5 })
    if (pathname.endsWith('/passkeys')) return json({ items: [], next: null })
    if (pathname.endsWith('/transfers/check')) return json({ ...intent, intent: `sealed-${++checks}` })
    if (!pathname.endsWith('/transfers')) throw new Error(`unexpected ${pathname}`)
    sendings.push({ key: request.headers.get('Idempotency-Key'), ...(await request.json()) })
    return (answers.shift() ?? refuse('unexpected', 500))()
  })
})
afterEach(() => {
  scope.stop()
  sessionStorage.clear()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

/** Opens the form, as a page load does. */
function open(): Paying {
  scope = effectScope()
  return scope.run(() => useTransfer('cust_1')) ?? expect.unreachable()
}
async function fill(form: Paying): Promise<void> {
  Object.assign(form.draft, { payee: { ref: { phone: '13900010010' }, name: '王*明', account: '…', checked: false, own: false }, from: 'acct_1', amount: '12.5' })
  await form.check()
  await form.confirm('')
}

test('a double tap is one payment', async () => {
  const form = open()
  await fill(form)
  answers = [pay]
  await Promise.all([form.withPin('258036'), form.withPin('258036')])
  expect(sendings).toHaveLength(1)
  expect(form.beat.value).toMatchObject({ at: 'done' })
})

test('a wrong PIN is typed again under the same key', async () => {
  const form = open()
  await fill(form)
  answers = [refuse('auth.pin_wrong', 401, { left: '4' }), pay]
  await form.withPin('111111')
  expect(form.beat.value).toMatchObject({ at: 'prove', problem: { params: { left: '4' } } })
  await form.withPin('258036')
  expect(sendings[0]?.key).toBe(sendings[1]?.key)
})

test('a refusal for good uses the key up, and what was filled in stays', async () => {
  const form = open()
  await fill(form)
  answers = [refuse('ledger.insufficient_funds', 422), pay]
  await form.withPin('258036')
  expect(form.beat.value.at).toBe('refused')
  form.back()
  expect(form.draft.amount).toBe('12.5')
  await form.check()
  await form.confirm('')
  await form.withPin('258036')
  expect(sendings[1]?.key).not.toBe(sendings[0]?.key)
})

test('a lost answer is asked for with the same key and intent, and never with the PIN', async () => {
  const form = open()
  await fill(form)
  answers = [lose, pay]
  await form.withPin('258036')
  expect(form.beat.value.at).toBe('asking')
  await vi.advanceTimersByTimeAsync(3_100)
  await settle()
  expect(form.beat.value).toMatchObject({ at: 'done' })
  expect(sendings).toHaveLength(2)
  expect(sendings[1]).toEqual({ key: sendings[0]?.key, intent: sendings[0]?.intent, proof: { method: 'none' } })
})

test('a reload in the middle asks for the truth, and nothing secret was kept', async () => {
  const form = open()
  await fill(form)
  answers = [() => new Promise<Response>(() => {}), pay]
  void form.withPin('258036')
  await settle()
  expect(sessionStorage.getItem('tongbao.transfer')).not.toContain('258036')
  scope.stop()
  const again = open()
  expect(again.beat.value.at).toBe('asking')
  await settle()
  expect(again.beat.value).toMatchObject({ at: 'done' })
  expect(sendings[1]?.key).toBe(sendings[0]?.key)
  expect(sessionStorage.getItem('tongbao.transfer')).toBeNull()
})

test('when the bank has nothing under the key, the check sheet comes back under the same key', async () => {
  const form = open()
  await fill(form)
  answers = [lose, refuse('payment.proof_needed', 401), pay]
  await form.withPin('258036')
  await form.askAgain()
  expect(form.beat.value.at).toBe('check')
  await form.confirm('')
  await form.withPin('258036')
  expect(new Set(sendings.map(({ key }) => key)).size).toBe(1)
  expect(form.beat.value.at).toBe('done')
})

test('an expired intent is checked anew under the same key', async () => {
  const form = open()
  await fill(form)
  answers = [refuse('payment.intent_expired', 409), pay]
  await form.withPin('258036')
  expect(form.beat.value).toMatchObject({ at: 'fill', problem: { code: 'payment.intent_expired' } })
  await form.check()
  await form.confirm('')
  await form.withPin('258036')
  expect(sendings.map(({ intent: sealed }) => sealed)).toEqual(['sealed-1', 'sealed-2'])
  expect(sendings[1]?.key).toBe(sendings[0]?.key)
})

test('says after three seconds that it takes longer', async () => {
  const form = open()
  await fill(form)
  answers = [() => new Promise<Response>(() => {})]
  void form.withPin('258036')
  await vi.advanceTimersByTimeAsync(2_900)
  expect(form.beat.value).toMatchObject({ at: 'sending', slow: false })
  await vi.advanceTimersByTimeAsync(200)
  expect(form.beat.value).toMatchObject({ at: 'sending', slow: true })
})

test('asks by itself a few times only', async () => {
  const form = open()
  await fill(form)
  answers = Array.from({ length: 20 }, () => lose)
  await form.withPin('258036')
  await vi.advanceTimersByTimeAsync(60_000)
  expect(sendings.length).toBeLessThanOrEqual(6)
  expect(form.beat.value.at).toBe('asking')
})
