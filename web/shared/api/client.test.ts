import { afterEach, expect, test, vi } from 'vitest'
import { ask, createApi, newKey, onceOnly, provenBy, type Hooks } from './client'
import { isUnknownOutcome, ownProblem, problemOf, ProblemError, readProblem, type Problem } from './problem'

type Paths = {
  '/accounts': { get: { responses: { 200: { content: { 'application/json': { items: string[] } } } } } }
  '/transfers': {
    post: {
      parameters: { header?: { 'Idempotency-Key'?: string } }
      requestBody: { content: { 'application/json': { amount: string } } }
      responses: { 201: { content: { 'application/json': { id: string } } } }
    }
  }
}

afterEach(() => vi.useRealTimers())

/** A bank that gives one answer, and remembers the question. */
function bank(answer: () => Response | Promise<Response>): { api: ReturnType<typeof createApi<Paths>>; asked: Request[]; hooks: { [K in keyof Hooks]: ReturnType<typeof vi.fn> } } {
  const asked: Request[] = []
  const hooks = { signedOut: vi.fn(), tooOld: vi.fn() }
  vi.stubGlobal('fetch', async (request: Request) => {
    asked.push(request)
    return await answer()
  })
  return { api: createApi<Paths>({ app: 'mobile', baseUrl: 'http://bank.test/api/mobile/v1', hooks, locale: () => 'zh-Hant' }), asked, hooks }
}

const problem = (status: number, body: object, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify({ status, ...body }), { status, headers: { 'Content-Type': 'application/problem+json', ...headers } })

async function refused(call: Promise<unknown>): Promise<Problem> {
  return await call.then(() => expect.unreachable('it was not refused'), problemOf)
}

test('gives the data of an answer, and says who asks and in which language', async () => {
  const { api, asked } = bank(() => Response.json({ items: ['a'] }))
  expect(await ask(api.GET('/accounts'))).toEqual({ items: ['a'] })
  expect(asked[0]?.headers.get('X-Tongbao-Client')).toBe('mobile/1')
  expect(asked[0]?.headers.get('Accept-Language')).toBe('zh-Hant')
  expect(asked[0]?.credentials).toBe('same-origin')
})

test('sends the idempotency key that the form keeps', async () => {
  const { api, asked } = bank(() => Response.json({ id: 't' }, { status: 201 }))
  const key = newKey()
  await ask(api.POST('/transfers', { body: { amount: '1' }, headers: onceOnly(key) }))
  expect(asked[0]?.headers.get('Idempotency-Key')).toBe(key)
  expect(newKey()).not.toBe(key)
  expect(provenBy('p')).toEqual({ 'X-Tongbao-Proof': 'p' })
})

test('a refusal is thrown with its code, sentence, fields and wait', async () => {
  const { api, hooks } = bank(() => problem(429, { code: 'auth.too_many', title: '太多次了', params: { left: '0' }, fields: [{ pointer: '/payee/phone', code: 'phone.bad', title: '号码不对' }], trace: 'tr' }, { 'Retry-After': '30' }))
  expect(await refused(ask(api.GET('/accounts')))).toEqual({
    code: 'auth.too_many', title: '太多次了', status: 429, params: { left: '0' }, fields: { 'payee.phone': { code: 'phone.bad', title: '号码不对' } }, retryAfter: 30, trace: 'tr',
  })
  expect(hooks.signedOut).not.toHaveBeenCalled()
})

test('only a missing session leads to sign-in: a step-up and a wrong password do not', async () => {
  const { api, hooks } = bank(() => problem(401, { code: 'stepup.required', title: '' }))
  expect((await refused(ask(api.GET('/accounts')))).code).toBe('stepup.required')
  expect(hooks.signedOut).not.toHaveBeenCalled()
  const gone = bank(() => problem(401, { code: 'session.required', title: '' }))
  await refused(ask(gone.api.GET('/accounts')))
  expect(gone.hooks.signedOut).toHaveBeenCalledOnce()
})

test('an app that is too old is told so', async () => {
  const { api, hooks } = bank(() => problem(409, { code: 'client.too_old', title: '' }))
  await refused(ask(api.GET('/accounts')))
  expect(hooks.tooOld).toHaveBeenCalledOnce()
})

test('an answer that is not of the bank is unreadable, whatever its status', async () => {
  const proxy = bank(() => new Response('<html>502', { status: 502 }))
  expect(await refused(ask(proxy.api.GET('/accounts')))).toMatchObject({ code: 'client.unreadable', status: 502 })
  const portal = bank(() => new Response('<html>hotel', { status: 200 }))
  expect((await refused(ask(portal.api.GET('/accounts')))).code).toBe('client.unreadable')
})

test('no network, no answer in time and a cancelled question are told apart', async () => {
  const broken = bank(() => Promise.reject(new TypeError('Failed to fetch')))
  expect((await refused(ask(broken.api.GET('/accounts')))).code).toBe('client.network')
  vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false)
  expect((await refused(ask(broken.api.GET('/accounts')))).code).toBe('client.offline')

  vi.useFakeTimers()
  const silent = bank(() => new Promise<Response>(() => {}))
  vi.stubGlobal('fetch', (_: Request, { signal }: { signal: AbortSignal }) => new Promise((_done, no) => signal.addEventListener('abort', () => no(signal.reason as Error))))
  const late = refused(ask(silent.api.GET('/accounts')))
  await vi.advanceTimersByTimeAsync(21_000)
  expect((await late).code).toBe('client.timeout')

  const left = new AbortController()
  const cancelled = refused(ask(silent.api.GET('/accounts', { signal: left.signal })))
  await vi.advanceTimersByTimeAsync(0)
  left.abort()
  expect((await cancelled).code).toBe('client.cancelled')
})

test('knows when nobody can tell whether a payment happened', () => {
  expect(isUnknownOutcome(ownProblem('client.timeout'))).toBe(true)
  expect(isUnknownOutcome(readProblem({ code: 'internal' }, { status: 500, headers: new Headers() }))).toBe(true)
  expect(isUnknownOutcome(readProblem({ code: 'ledger.insufficient_funds' }, { status: 422, headers: new Headers() }))).toBe(false)
})

test('a fault of our own is not blamed on the network', () => {
  expect(problemOf(new TypeError('x is not a function')).code).toBe('client.broken')
  expect(problemOf(new ProblemError(ownProblem('client.offline'))).code).toBe('client.offline')
})
