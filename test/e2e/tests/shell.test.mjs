// The shell of both apps: it loads, has a name, says nothing on the console and is accessible.
import assert from 'node:assert/strict'
import { checkAccessibility } from '../lib/axe.mjs'
import { shot } from '../lib/shot.mjs'
import { suite } from '../lib/suite.mjs'

const everySize = ['phone', 'tablet', 'desktop']

suite('app shell', ({ screen }) => {
  for (const app of ['mobile', 'console']) {
    screen(`${app} loads, named and accessible`, { app, sizes: app === 'mobile' ? everySize : ['desktop'] }, async ({ page, viewport }) => {
      const response = await page.goto('/')
      assert.equal(response.status(), 200)
      await page.locator('#app > *').first().waitFor()
      await page.locator('h1').first().waitFor()
      assert.notEqual((await page.title()).trim(), '')
      assert.match(await page.locator('html').getAttribute('lang'), /^zh/)
      await checkAccessibility(page)
      await shot(page, `shell-${app}-${viewport}`)
    })

    screen(`${app} allows no inline script and no stranger to frame it`, { app, sizes: ['phone'] }, async ({ page }) => {
      const headers = (await page.goto('/')).headers()
      const policy = headers['content-security-policy'] ?? ''
      assert.match(policy, /default-src 'none'|default-src 'self'/)
      assert.doesNotMatch(policy.match(/script-src[^;]*/)?.[0] ?? policy, /unsafe-inline|unsafe-eval/)
      assert.match(policy, /frame-ancestors 'none'/)
      assert.equal(headers['x-content-type-options'], 'nosniff')
    })

    screen(`${app} never scrolls sideways`, { app, sizes: everySize }, async ({ page }) => {
      await page.goto('/')
      await page.locator('#app > *').first().waitFor()
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      assert.ok(overflow <= 0, `${overflow} px too wide`)
    })

    screen(`${app} serves its shell on a deep link`, { app, sizes: ['phone'] }, async ({ page }) => {
      const response = await page.goto('/no/such/place')
      assert.equal(response.status(), 200)
      await page.locator('#app > *').first().waitFor()
    })
  }

  screen('speaks English and Traditional Chinese to those who prefer them', { sizes: ['phone'], locale: 'en-GB' }, async ({ page, bank, browser }) => {
    await page.goto('/')
    await page.locator('#app > *').first().waitFor()
    assert.match(await page.locator('html').getAttribute('lang'), /^en/)
    const context = await browser.newContext({ locale: 'zh-TW', baseURL: bank.mobile })
    try {
      const other = await context.newPage()
      await other.goto('/')
      await other.locator('#app > *').first().waitFor()
      assert.match(await other.locator('html').getAttribute('lang'), /^zh-Hant/)
    } finally {
      await context.close()
    }
  })

  screen('an unknown path of the API answers a problem, not a page', { sizes: ['phone'] }, async ({ bank }) => {
    const response = await fetch(`${bank.mobile}/api/mobile/v1/no-such-thing`)
    assert.equal(response.status, 404)
    assert.match(response.headers.get('content-type') ?? '', /application\/problem\+json/)
  })
})
