// Being paid: the own QR code leads a payer to the form, and a phone number finds only who allows it.
import assert from 'node:assert/strict'
import { checkAccessibility } from '../lib/axe.mjs'
import { suite } from '../lib/suite.mjs'
import { call, enter, ready, somebody } from '../pages/person.mjs'

suite('receive', ({ screen }) => {
  screen('shows the own code, saves it, and gives the account number', async ({ page, bank }) => {
    await enter(page, bank, ready, '/receive')
    await page.getByRole('img', { name: '我的收款码' }).waitFor()
    await checkAccessibility(page)
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: '保存图片' }).click()
    assert.match((await download).suggestedFilename(), /\.svg$/)
    await page.getByRole('button', { name: /复制尾号/ }).first().click()
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /^\d{16,19}$/)
  })

  screen('is found by phone only while it is allowed', async ({ page, bank }) => {
    await enter(page, bank, ready, '/receive')
    const found = page.getByRole('switch', { name: /允许用手机号/ })
    await found.waitFor()
    const before = await found.getAttribute('aria-checked')
    await found.click()
    await page.waitForFunction(was => document.querySelector('[role=switch]')?.getAttribute('aria-checked') !== was, before)
    const { body } = await call(page, 'GET', '/receive')
    assert.equal(String(body.discoverableByPhone), before === 'true' ? 'false' : 'true')
    await found.click()
    await page.waitForFunction(was => document.querySelector('[role=switch]')?.getAttribute('aria-checked') === was, before)
  })

  screen('a camera that reads the code opens the form with the payee in it', async ({ page, bank, browser }) => {
    await enter(page, bank, ready, '/receive')
    const { body } = await call(page, 'GET', '/receive')
    const context = await browser.newContext({ baseURL: bank.mobile, locale: 'zh-CN', viewport: { width: 390, height: 844 } })
    try {
      const payer = await context.newPage()
      await enter(payer, bank, somebody(2), new URL(body.payload).pathname)
      await payer.waitForURL('**/transfer/fill')
      await payer.getByText('周*').waitFor()
    } finally {
      await context.close()
    }
  })
})
