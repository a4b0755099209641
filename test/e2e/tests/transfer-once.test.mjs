// Double taps, reloads, lost networks and slow banks: never two payments, and the truth is shown.
import assert from 'node:assert/strict'
import { checkAccessibility } from '../lib/axe.mjs'
import { suite } from '../lib/suite.mjs'
import { enter, ready } from '../pages/person.mjs'
import { newMemo, paidWith, transferPages } from '../pages/transfer.mjs'

suite('transfer, once', ({ screen }) => {
  screen('never pays twice: a double tap', async ({ page, bank }) => {
    await enter(page, bank, ready)
    const pages = transferPages(page)
    const memo = newMemo()
    await pages.fill('6.00', { memo })
    const keys = await sentKeys(page)
    await pages.check.getByRole('button', { name: /确认/ }).dblclick()
    await pages.type(ready.pin)
    await page.waitForURL('**/transfer/trfr_*')
    assert.equal(keys.length, 1)
    assert.equal(await paidWith(page, memo), 1)
  })

  screen('never pays twice: a reload in the middle, and the truth is shown', async ({ page, bank, watcher }) => {
    watcher.expect(/Failed to load resource|net::ERR/)
    await enter(page, bank, ready)
    const pages = transferPages(page)
    const memo = newMemo()
    await pages.fill('7.00', { memo })
    const keys = await sentKeys(page)
    await pages.confirm()
    // The bank gets it and does it; the answer is lost with the page.
    let reached
    const done = new Promise(resolve => (reached = resolve))
    await page.route('**/api/mobile/v1/transfers', async route => {
      await route.fetch()
      reached()
    }, { times: 1 })
    await pages.type(ready.pin)
    await done
    await page.reload()
    await page.waitForURL('**/transfer/trfr_*')
    await page.getByRole('heading', { name: '转账成功' }).waitFor()
    assert.equal(new Set(keys).size, 1)
    assert.equal(await paidWith(page, memo), 1)
  })

  screen('never pays twice: a network that was lost before the bank heard anything', async ({ page, bank, watcher }) => {
    watcher.expect(/Failed to load resource|net::ERR/)
    await enter(page, bank, ready)
    const pages = transferPages(page)
    const memo = newMemo()
    await pages.fill('8.00', { memo })
    const keys = await sentKeys(page)
    await pages.confirm()
    await page.route('**/api/mobile/v1/transfers', route => route.abort('internetdisconnected'), { times: 1 })
    await pages.type(ready.pin)
    await page.getByText('正在确认结果').waitFor()
    await checkAccessibility(page)
    await page.getByRole('button', { name: '现在再问一次' }).click()
    await pages.check.getByText('钱没有付出').waitFor()
    assert.equal(await paidWith(page, memo), 0)
    await pages.confirm()
    await pages.type(ready.pin)
    await page.waitForURL('**/transfer/trfr_*')
    assert.equal(new Set(keys).size, 1)
    assert.equal(await paidWith(page, memo), 1)
  })

  screen('says after three seconds what is happening, and lets the person leave', async ({ page, bank }) => {
    await enter(page, bank, ready)
    const pages = transferPages(page)
    const memo = newMemo()
    await pages.fill('9.00', { memo })
    await pages.confirm()
    await page.route('**/api/mobile/v1/transfers', async route => {
      await route.fetch() // the bank does it; the answer stays on the way
    }, { times: 1 })
    await pages.type(ready.pin)
    await page.getByRole('heading', { name: '银行正在处理' }).waitFor()
    await checkAccessibility(page)
    await page.getByRole('link', { name: '先回首页' }).click()
    await page.waitForURL(url => url.pathname === '/')
    await page.goto('/transfer')
    await page.waitForURL('**/transfer/trfr_*')
    assert.equal(await paidWith(page, memo), 1)
  })
})

/** The idempotency keys that leave the page from now on. */
async function sentKeys(page) {
  const keys = []
  page.on('request', request => {
    if (request.method() === 'POST' && new URL(request.url()).pathname.endsWith('/v1/transfers')) keys.push(request.headers()['idempotency-key'])
  })
  return keys
}
