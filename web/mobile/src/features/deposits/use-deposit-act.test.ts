import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { effectScope, nextTick, type EffectScope } from 'vue'
import { useDepositAct, type Acting } from './use-deposit-act'

const yuan = (amount: string) => ({ amount, currency: 'CNY' })
const quote = { hash: 'h', amount: yuan('100.00'), interest: yuan('0.00'), tax: yuan('0.00'), parts: [], rate: '0.0095', percent: '0.95', atMaturity: yuan('0.95'), lost: yuan('0.00'), closes: false, proofs: ['pin'], expiresAt: '2026-11-22T10:00:00Z' }
type Sent = { key: string | null; quote: string; proof: { method: string; pin?: string } }
type Form = { amount: string }

/** A bank that answers confirmations in turn, and keeps what it was sent. */
let sendings: Sent[] = []
let answers: (() => Response | Promise<Response>)[] = []
let checks = 0
const json = (body: unknown, status = 200) => new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } })
const refuse = (code: string, status: number) => () => json({ code, title: code, status }, status)
const lose = () => Promise.reject(new TypeError('Failed to fetch'))
const open = () => json({ id: 'acct_9' }, 201)

let scope: EffectScope
beforeEach(() => {
  vi.useFakeTimers()
  sendings = []
  answers = []
  checks = 0
  vi.stubGlobal('fetch', async (request: Request) => {
    const { pathname } = new URL(request.url)
    if (pathname.endsWith('/pin')) return json({ set: true, locked: false, triesLeft: 5 })
    if (pathname.endsWith('/passkeys')) return json({ items: [] })
    if (pathname.endsWith('/deposits/check')) return json({ ...quote, quote: `sealed-${++checks}` })
    if (!pathname.endsWith('/deposits')) throw new Error(`unexpected ${pathname}`)
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

/** Opens a form, as a page load does. */
function form(name = 'open.term_1y'): Acting<Form> {
  scope = effectScope()
  return scope.run(() => useDepositAct(name, { amount: '' }, ({ amount }: Form) => (amount === '' ? undefined : { act: 'open', productCode: 'term_1y', accountId: 'acct_1', amount: yuan(amount) }))) ?? expect.unreachable()
}
async function fill(acting: Acting<Form>): Promise<void> {
  acting.form.amount = '100.00'
  await acting.check()
  await acting.confirm()
}

test('nothing is asked while the form is not filled', async () => {
  const acting = form()
  await acting.check()
  expect(checks).toBe(0)
  expect(acting.beat.value.at).toBe('fill')
})

test('a double tap is one deposit', async () => {
  const acting = form()
  await fill(acting)
  answers = [open]
  await Promise.all([acting.withPin('258036'), acting.withPin('258036')])
  expect(sendings).toHaveLength(1)
  expect(acting.beat.value).toMatchObject({ at: 'done', deposit: { id: 'acct_9' } })
})

test('a reload keeps form and key, and asks what became of what was sent, without a proof', async () => {
  const first = form()
  await fill(first)
  answers = [() => new Promise<Response>(() => {})]
  void first.withPin('258036')
  await vi.advanceTimersByTimeAsync(10)
  scope.stop()
  answers = [open]
  const second = form()
  expect(second.beat.value.at).toBe('asking')
  await vi.advanceTimersByTimeAsync(10)
  expect(second.beat.value).toMatchObject({ at: 'done' })
  expect(sendings.map(({ proof }) => proof.method)).toEqual(['pin', 'none'])
  expect(sendings[1]).toMatchObject({ key: sendings[0]?.key, quote: 'sealed-1' })
  scope.stop()
  expect(form().form.amount).toBe('') // the next one begins anew, with a key of its own
})

test('what was never heard of is proved again under the same key', async () => {
  const acting = form()
  await fill(acting)
  answers = [lose, refuse('deposit.proof_needed', 401), open]
  await acting.withPin('258036')
  expect(acting.beat.value.at).toBe('asking')
  await acting.askAgain()
  expect(acting.beat.value).toMatchObject({ at: 'check', problem: { code: 'deposit.proof_needed' } })
  await acting.confirm()
  await acting.withPin('258036')
  expect(new Set(sendings.map(({ key }) => key)).size).toBe(1)
  expect(acting.beat.value.at).toBe('done')
})

test('a refusal for good uses the key up, and what was filled in stays', async () => {
  const acting = form()
  await fill(acting)
  answers = [refuse('ledger.insufficient_funds', 422), open]
  await acting.withPin('258036')
  expect(acting.beat.value.at).toBe('refused')
  acting.back()
  expect(acting.form.amount).toBe('100.00')
  await acting.check()
  await acting.confirm()
  await acting.withPin('258036')
  expect(sendings[0]?.key).not.toBe(sendings[1]?.key)
})

test('two forms never share a key', async () => {
  const first = form('open.term_1y')
  await fill(first)
  scope.stop()
  const second = form('open.term_2y')
  await nextTick()
  expect(second.form.amount).toBe('')
  await fill(second)
  answers = [open]
  await second.withPin('258036')
  const kept = JSON.parse(sessionStorage.getItem('tongbao.deposit.open.term_1y') ?? '{}')
  expect(kept.key).not.toBe(sendings[0]?.key)
})
