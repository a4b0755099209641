// The tests of the tests: each thing that must fail a browser test is provoked here, and must be found.
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { after, before, describe, it } from 'node:test'
import { checkAccessibility } from '../lib/axe.mjs'
import { launch, openPage } from '../lib/browser.mjs'
import { oneTimeCode } from '../lib/inbox.mjs'
import { addAuthenticator } from '../lib/passkey.mjs'

const page = (body, head = '') =>
  `<!doctype html><html lang="en"><head><title>t</title><link rel="icon" href="data:,">${head}</head><body><main><h1>t</h1>${body}</main></body></html>`

const pages = {
  '/good': page('<p>Nothing is wrong here.</p>'),
  '/console-error': page('<script src="/throws.js"></script>'),
  '/inline-script': page('<script>document.title = "ran"</script>'),
  '/asks-500': page('<script src="/asks-500.js"></script>'),
  '/asks-422': page('<script src="/asks-422.js"></script>'),
  '/asks-stranger': page('<script src="/asks-stranger.js"></script>'),
  '/nameless-button': page('<button></button>'),
}
const scripts = {
  '/throws.js': 'setTimeout(() => { throw new Error("boom") })',
  '/asks-500.js': 'fetch("/api/500").then(() => { document.title = "done" })',
  '/asks-422.js': 'fetch("/api/422").then(() => { document.title = "done" })',
  '/asks-stranger.js': 'fetch("http://127.0.0.1:9/").catch(() => { document.title = "done" })',
}
const inbox = [
  { id: 'm1', to: '+86 138 0000 0001', at: '2026-11-22T10:00:00Z', text: '您的验证码是 314159，五分钟内有效。' },
  { id: 'm2', to: '+86 138 0000 0002', at: '2026-11-22T10:00:01Z', text: '您的验证码是 271828。' },
]

describe('the harness', () => {
  let browser
  let server
  let bank

  before(async () => {
    server = createServer((request, response) => {
      const { url } = request
      if (url.startsWith('/api/')) response.writeHead(Number(url.slice(5))).end()
      else if (url === '/dev/inbox.json') response.writeHead(200).end(JSON.stringify({ messages: inbox }))
      else if (scripts[url]) response.writeHead(200, { 'content-type': 'text/javascript' }).end(scripts[url])
      else {
        const policy = "default-src 'none'; script-src 'self'; connect-src *; img-src data:"
        response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': policy }).end(pages[url])
      }
    })
    await new Promise(done => server.listen(0, 'localhost', done))
    const address = `http://localhost:${server.address().port}`
    bank = { mobile: address, console: address }
    browser = await launch()
  })
  after(async () => {
    await browser?.close()
    server?.close()
  })

  async function visit(path, look) {
    const opened = await openPage(browser, bank)
    try {
      await opened.page.goto(path)
      await look(opened)
    } finally {
      await opened.context.close()
    }
  }

  it('finds nothing on a good page', () =>
    visit('/good', async ({ page, watcher }) => {
      await checkAccessibility(page)
      watcher.check()
    }))

  for (const [path, finding] of [
    ['/console-error', /boom/],
    ['/inline-script', /content security policy: script-src/],
    ['/asks-500', /^500 GET/],
    ['/asks-stranger', /request to a stranger/],
  ]) {
    it(`finds what is wrong with ${path}`, () =>
      visit(path, async ({ page, watcher }) => {
        for (let tries = 0; tries < 50 && !watcher.findings().some(text => finding.test(text)); tries++) await page.waitForTimeout(50)
        assert.ok(watcher.findings().some(text => finding.test(text)), watcher.findings().join('\n'))
        assert.throws(() => watcher.check(), /the page misbehaved/)
        watcher.expect(/./)
        watcher.check()
      }))
  }

  it('takes a refusal of the API for an answer', () =>
    visit('/asks-422', async ({ page, watcher }) => {
      await page.waitForFunction(() => document.title === 'done')
      watcher.check()
    }))

  it('finds a control without a name', () =>
    visit('/nameless-button', ({ page }) => assert.rejects(checkAccessibility(page), /button-name/)))

  it('reads the one-time code of the right person, once', async () => {
    assert.equal(await oneTimeCode(bank, '13800000001'), '314159')
    inbox.push({ id: 'm3', to: '+86 138 0000 0001', at: '2026-11-22T10:00:02Z', text: '您的验证码是 161803。' })
    assert.equal(await oneTimeCode(bank, '+8613800000001'), '161803')
  })

  it('makes a passkey without a finger', () =>
    visit('/good', async ({ page }) => {
      const authenticator = await addAuthenticator(page)
      await page.evaluate(() => {
        const bytes = crypto.getRandomValues(new Uint8Array(32))
        return navigator.credentials.create({
          publicKey: {
            challenge: bytes,
            rp: { name: 't', id: 'localhost' },
            user: { id: bytes, name: 't', displayName: 't' },
            pubKeyCredParams: [{ type: 'public-key', alg: -7 }],
          },
        }).then(() => true)
      })
      assert.equal((await authenticator.credentials()).length, 1)
    }))
})
