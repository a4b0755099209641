import { beforeEach, expect, test, vi } from 'vitest'
import { effectScope } from 'vue'
import { useSignIn } from './use-sign-in'

const session = { customer: 'cus_1', state: 'active', level: 3, locale: 'zh-Hans', expiresAt: '2026-11-22T12:00:00Z' }
const answers = new Map<string, () => Response>()
const asked: string[] = []
const problem = (status: number, code: string, wait?: number) => new Response(JSON.stringify({ code, title: code }), { status, headers: wait === undefined ? {} : { 'Retry-After': String(wait) } })

beforeEach(() => {
  answers.clear()
  asked.length = 0
  vi.stubGlobal('fetch', async (request: Request) => {
    const path = new URL(request.url).pathname.replace('/api/mobile/v1', '')
    asked.push(path)
    return (answers.get(path) ?? (() => problem(404, 'request.no_such_route')))()
  })
})

function start() {
  const done = vi.fn()
  return { done, signIn: effectScope().run(() => useSignIn(done)) ?? expect.unreachable() }
}
const pending = (more: object) => () => Response.json({ status: 'second_factor', ticket: 't', ...more })

test('a known device is signed in at once', async () => {
  answers.set('/sessions/password', () => Response.json({ status: 'signed_in', session }))
  const { signIn, done } = start()
  await signIn.byPassword(' 13900000001 ', 'secret')
  expect(done).toHaveBeenCalledWith(session)
  expect(signIn.step.value).toEqual({ at: 'first' })
})

test('a new device is asked for the factor whose code the bank has sent', async () => {
  answers.set('/sessions/password', pending({ methods: ['passkey', 'code'], challengeId: 'c', sentTo: '139****0001', resendAfterSeconds: 60 }))
  const { signIn, done } = start()
  await signIn.byPassword('13900000001', 'secret')
  expect(done).not.toHaveBeenCalled()
  expect(signIn.step.value).toMatchObject({ at: 'second', ticket: 't', method: 'code' })
  expect(signIn.second.sent.value).toMatchObject({ challengeId: 'c', sentTo: '139****0001' })
})

test('when no code was sent it is asked for, and the wait is told', async () => {
  answers.set('/sessions/password', pending({ methods: ['code'] }))
  answers.set('/codes', () => problem(429, 'auth.code_wait', 42))
  const { signIn } = start()
  await signIn.byPassword('13900000001', 'secret')
  await vi.waitFor(() => expect(signIn.second.wait.value).toBe(42))
  expect(asked).toContain('/codes')
  expect(signIn.second.sent.value).toBeUndefined()
})

test('a ticket that expired begins again', async () => {
  answers.set('/sessions/password', pending({ methods: ['code'], challengeId: 'c' }))
  answers.set('/sessions/second-factor', () => problem(401, 'auth.ticket_expired'))
  const { signIn } = start()
  await signIn.byPassword('13900000001', 'secret')
  await signIn.complete()
  expect(signIn.step.value).toEqual({ at: 'first' })
  expect(signIn.state.value).toMatchObject({ status: 'failed', problem: { code: 'auth.ticket_expired' } })
})

test('too many tries tell how long to wait', async () => {
  answers.set('/sessions/password', () => problem(429, 'auth.locked', 1800))
  const { signIn } = start()
  await signIn.byPassword('13900000001', 'wrong')
  expect(signIn.wait.value).toBe(1800)
})

test('an answer that is neither a session nor a ticket is unreadable', async () => {
  answers.set('/sessions/password', () => Response.json({ status: 'signed_in' }))
  const { signIn, done } = start()
  await signIn.byPassword('13900000001', 'secret')
  expect(done).not.toHaveBeenCalled()
  expect(signIn.state.value).toMatchObject({ status: 'failed', problem: { code: 'client.unreadable' } })
})
