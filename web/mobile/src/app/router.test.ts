import { afterAll, beforeEach, expect, test, vi } from 'vitest'

/** The router has a new title read aloud a moment later: the page must still be there then. */
afterAll(() => new Promise((done) => setTimeout(done, 150)))

let session: () => Response

beforeEach(() => {
  vi.resetModules()
  localStorage.setItem('tongbao.signed-in', '1')
  vi.stubGlobal('fetch', async (request: Request) => (request.url.endsWith('/session') ? session() : new Response('{}', { status: 404 })))
})

const nobody = () => new Response(JSON.stringify({ code: 'session.required', title: '' }), { status: 401 })
const somebody = () => Response.json({ customer: 'cus_1', name: '宁' })

/** A fresh app, as after a page load. */
async function open(path: string): Promise<{ at: () => string; router: typeof import('./router').router; app: typeof import('./router'); api: typeof import('./api').api }> {
  const app = await import('./router')
  const { api } = await import('./api')
  await app.router.push(path)
  return { at: () => app.router.currentRoute.value.fullPath, router: app.router, app, api }
}

test('who is not signed in is welcomed', async () => {
  session = nobody
  expect((await open('/')).at()).toBe('/welcome')
})

test('a first visit does not ask the bank who is here', async () => {
  localStorage.clear()
  session = () => expect.unreachable('it asked')
  expect((await open('/me')).at()).toBe('/sign-in?next=/me')
})

test('settings, help and about are open to everyone', async () => {
  session = nobody
  for (const path of ['/settings', '/help', '/about']) {
    const { at } = await open(path)
    await new Promise((done) => setTimeout(done, 20))
    expect(at()).toBe(path)
    vi.resetModules()
  }
})

test('who is signed in is not welcomed again', async () => {
  session = somebody
  expect((await open('/welcome')).at()).toBe('/')
})

test('a bank that does not answer lets pages open, so that they can say so', async () => {
  session = () => new Response('', { status: 503 })
  expect((await open('/me')).at()).toBe('/me')
})

test('a session that ends leads away from pages that need one, and only from those', async () => {
  session = somebody
  const { at, router, api } = await open('/me')
  session = nobody
  await api.GET('/session')
  await vi.waitFor(() => expect(at()).not.toBe('/me'))
  expect(router.currentRoute.value.name).not.toBe('me')
})

test('after signing in only an address of ours is followed', async () => {
  session = nobody
  const { app, router } = await open('/welcome')
  const next = (value: string) => app.nextOf(router.resolve({ path: '/welcome', query: { next: value } }))
  expect(next('/me')).toBe('/me')
  for (const foreign of ['https://evil.test', '//evil.test', '/\\evil.test', 'javascript:alert(1)', '/no-such-page']) expect(next(foreign)).toEqual({ name: 'home' })
})
