// The first page after signing in.
import assert from 'node:assert/strict'
import { checkAccessibility } from '../lib/axe.mjs'
import { suite } from '../lib/suite.mjs'
import { enter, ready } from '../pages/person.mjs'

suite('home', ({ screen }) => {
  screen('shows what the person has, what they may do and what happened', async ({ page, bank }) => {
    await enter(page, bank, ready)
    await page.getByText('总资产（元）').waitFor()
    await page.getByRole('heading', { name: /周\*/ }).waitFor()
    for (const act of ['转账', '收款', '收款人', '明细']) await page.getByRole('navigation', { name: '常用' }).getByRole('link', { name: act, exact: true }).waitFor()
    assert.equal(await page.getByRole('list', { name: '最近交易' }).getByRole('listitem').count(), 5)
    await checkAccessibility(page)
  })

  screen('asks the bank once', { sizes: ['phone'] }, async ({ page, bank }) => {
    await enter(page, bank, ready, '/help')
    await page.getByRole('heading').first().waitFor()
    const asked = []
    page.on('request', request => {
      const { pathname } = new URL(request.url())
      if (pathname.startsWith('/api/mobile/v1/')) asked.push(pathname.slice('/api/mobile/v1'.length))
    })
    await page.goto('/')
    await page.getByText('总资产（元）').waitFor()
    await page.waitForLoadState('networkidle')
    assert.deepEqual(asked.filter(path => !['/config', '/session'].includes(path)), ['/home'])
  })

  screen('hides sums, and remembers it', async ({ page, bank }) => {
    await enter(page, bank, ready)
    const total = page.locator('.asset-card')
    await total.getByRole('button', { name: '隐藏金额' }).click()
    await page.reload()
    await total.getByRole('button', { name: '显示金额' }).waitFor()
    assert.doesNotMatch(await page.locator('main').innerText(), /\d,\d{3}\.\d{2}/)
    await checkAccessibility(page)
    await total.getByRole('button', { name: '显示金额' }).click()
    await total.getByText(/\d,\d{3}/).first().waitFor()
  })

  screen('holds the place while it loads, and says what to do when it cannot', async ({ page, bank, watcher }) => {
    watcher.expect(/Failed to load resource|net::ERR/)
    await enter(page, bank, ready, '/help')
    let release
    const held = new Promise(done => (release = done))
    await page.route('**/api/mobile/v1/home', async route => {
      await held
      await route.abort('failed')
    })
    await page.goto('/')
    await page.locator('.skeleton').first().waitFor()
    await page.getByRole('navigation', { name: '常用' }).waitFor() // what needs no answer is there at once
    release()
    await page.getByText('没能加载出来').waitFor()
    await page.getByText(/代码 client\.network/).waitFor()
    await checkAccessibility(page)
    await page.unroute('**/api/mobile/v1/home')
    await page.getByRole('button', { name: '重试' }).click()
    await page.getByText('总资产（元）').waitFor()
  })

  screen('leads from a step that waits to where it is done', async ({ page, bank }) => {
    await enter(page, bank, ready)
    await page.getByRole('link', { name: /到期/ }).click()
    await page.waitForURL(/\/deposits?\//)
  })
})
