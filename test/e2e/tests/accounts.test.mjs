// Accounts: looking, naming, statements.
import assert from 'node:assert/strict'
import { checkAccessibility } from '../lib/axe.mjs'
import { suite } from '../lib/suite.mjs'
import { call, enter, ready } from '../pages/person.mjs'

/** The person's first account. */
async function first(page) {
  const { body } = await call(page, 'GET', '/accounts')
  return body.items[0]
}

suite('accounts', ({ screen }) => {
  screen('shows accounts, and one whole', async ({ page, bank }) => {
    await enter(page, bank, ready, '/accounts')
    await page.getByText('账户总额（元）').waitFor()
    await checkAccessibility(page)
    const account = await first(page)
    await page.getByRole('list', { name: '账户' }).getByRole('link').first().click()
    await page.waitForURL('**/accounts/acct_*')
    await page.getByText(account.maskedNumber).first().waitFor()
    await page.getByRole('button', { name: '显示完整账号' }).click()
    await page.getByText(account.number.replace(/(\d{4})(?=\d)/g, '$1 ')).waitFor()
    await page.getByRole('button', { name: '复制账号' }).click()
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), account.number)
    await page.getByText(/还剩 ¥/).first().waitFor()
    await checkAccessibility(page)
  })

  screen('gives an account a name, and takes it away', async ({ page, bank }) => {
    await enter(page, bank, ready, '/accounts')
    await page.goto(`/accounts/${(await first(page)).id}`)
    for (const name of ['工资卡', '']) {
      await page.getByRole('button', { name: /账户别名/ }).click()
      const field = page.getByRole('dialog').getByRole('textbox', { name: /别名/ })
      await field.fill(name)
      await page.getByRole('dialog').getByRole('button', { name: '保存' }).click()
      await page.getByRole('dialog').waitFor({ state: 'detached' })
      await page.getByRole('heading', { level: 1, name: name === '' ? /活期/ : name }).waitFor()
    }
  })

  screen('refuses a second account of the first class in plain words', { sizes: ['phone'] }, async ({ page, bank }) => {
    await enter(page, bank, ready, '/accounts/open')
    await page.getByRole('radio', { name: /Ⅰ类/ }).check()
    await page.getByRole('button', { name: '开户' }).click()
    await page.getByRole('alert').waitFor()
  })

  screen('gives a statement of a period', async ({ page, bank }) => {
    await enter(page, bank, ready, '/accounts')
    await page.goto(`/accounts/${(await first(page)).id}`)
    await page.getByRole('button', { name: '对账单' }).click()
    await checkAccessibility(page)
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: '下载 PDF' }).click()
    assert.match((await download).suggestedFilename(), /^对账单-\d{4}-\d{2}-01-.*\.pdf$/)
  })
})
