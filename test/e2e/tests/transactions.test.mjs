// What happened: the list, its filters in the address bar, search, export, one transaction whole.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { checkAccessibility } from '../lib/axe.mjs'
import { suite } from '../lib/suite.mjs'
import { call, enter, ready } from '../pages/person.mjs'

const rows = page => page.locator('.transaction')

suite('transactions', ({ screen }) => {
  screen('lists by month and day with the bank’s totals, and goes on at its end', async ({ page, bank }) => {
    await enter(page, bank, ready, '/transactions')
    await rows(page).first().waitFor()
    const month = page.getByRole('region').first()
    const { body } = await call(page, 'GET', '/transactions/months')
    const [latest] = body.items
    const written = amount => amount.replace(/\B(?=(\d{3})+\.)/g, ',')
    await month.getByText(`支出 ${written(latest.out.amount)} · 收入 ${written(latest.in.amount)}`).waitFor()
    await checkAccessibility(page)
    const before = await rows(page).count()
    await rows(page).last().scrollIntoViewIfNeeded()
    await page.mouse.wheel(0, 20_000)
    await page.waitForFunction(count => document.querySelectorAll('.transaction').length > count, before)
  })

  screen('filters by direction, period and amount, in the address bar', async ({ page, bank }) => {
    await enter(page, bank, ready, '/transactions')
    await page.getByRole('radio', { name: '收入' }).check()
    await page.waitForURL('**/transactions?direction=in')
    await page.getByRole('button', { name: '筛选' }).click()
    await checkAccessibility(page)
    const sheet = page.getByRole('dialog', { name: '筛选' })
    await sheet.getByRole('button', { name: '近 90 天' }).click()
    await sheet.getByRole('textbox', { name: '最少' }).fill('100')
    await sheet.getByRole('textbox', { name: '最多' }).fill('50')
    await sheet.getByText('最多要大于最少').waitFor()
    await sheet.getByRole('textbox', { name: '最多' }).fill('500')
    await sheet.getByRole('button', { name: '查看结果' }).click()
    await page.waitForURL(url => url.searchParams.get('min') === '100.00' || url.searchParams.get('min') === '100')
    await page.reload()
    await rows(page).first().waitFor()
    const amounts = await page.locator('.transaction .end > .amount').allInnerTexts()
    for (const amount of amounts) {
      const value = Number(amount.replace(/[+,]/g, ''))
      assert.ok(amount.startsWith('+') && value >= 100 && value <= 500, amount)
    }
    await page.getByRole('button', { name: /筛选，已选 2 项/ }).waitFor()
  })

  screen('finds by name or memo, and says when there is nothing', async ({ page, bank }) => {
    await enter(page, bank, ready, '/search')
    const field = page.getByRole('searchbox')
    await field.fill('没有这样的人')
    await page.getByText('没有符合的交易').waitFor()
    await checkAccessibility(page)
    await field.fill('日用品')
    await rows(page).first().waitFor()
    for (const text of await rows(page).allInnerTexts()) assert.match(text, /日用品/)
    assert.match(decodeURIComponent(page.url()), /find=日用品/)
  })

  screen('exports what is shown', async ({ page, bank }) => {
    await enter(page, bank, ready, '/transactions?direction=out')
    await rows(page).first().waitFor()
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: '导出表格' }).click()
    const file = await download
    assert.match(file.suggestedFilename(), /^交易明细-.*\.csv$/)
    assert.ok((await readFile(await file.path(), 'utf8')).split('\n').length > 10)
  })

  screen('shows one transaction whole, with its receipt', async ({ page, bank, viewport }) => {
    await enter(page, bank, ready, '/transactions?direction=out')
    await rows(page).filter({ hasNotText: '存款' }).first().getByRole('link').click() // what goes into savings has no receipt
    if (viewport === 'phone') await page.waitForURL('**/transactions/acct_*')
    else await page.waitForURL(/open=/)
    await page.getByText('流水号').waitFor()
    await checkAccessibility(page)
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: '电子回单' }).click()
    assert.match((await download).suggestedFilename(), /\.pdf$/)
    await page.getByRole('button', { name: '分享' }).click()
    await page.getByText('回单链接已复制').waitFor()
    assert.match(await page.evaluate(() => navigator.clipboard.readText()), /\/r\/[\w-]{20,}$/)
    await page.reload()
    await page.getByText('流水号').waitFor()
  })

  screen('cannot see what is another’s', { sizes: ['phone'] }, async ({ page, bank }) => {
    await enter(page, bank, ready, '/transactions/acct_00000000000000000000000000-1')
    await page.getByText('没能加载出来').waitFor()
    await checkAccessibility(page)
  })
})
