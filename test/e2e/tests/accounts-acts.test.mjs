// Accounts: opening, stopping and working again, closing.
import assert from 'node:assert/strict'
import { checkAccessibility } from '../lib/axe.mjs'
import { suite } from '../lib/suite.mjs'
import { call, enter, ready, somebody } from '../pages/person.mjs'

/** The person's first account. */
async function first(page) {
  const { body } = await call(page, 'GET', '/accounts')
  return body.items[0]
}

suite('accounts, acts', ({ screen }) => {
  screen('stops an account at once, and asks for a proof before it works again', async ({ page, bank, viewport }) => {
    const person = somebody(viewport === 'phone' ? 3 : 4)
    await enter(page, bank, person, '/accounts')
    await page.goto(`/accounts/${(await first(page)).id}`)
    await page.getByRole('button', { name: /停用账户/ }).click()
    await checkAccessibility(page)
    await page.getByRole('dialog').getByRole('button', { name: '停用账户' }).click()
    await page.getByText('钱只能进，不能出').waitFor()
    await checkAccessibility(page)
    await page.getByRole('button', { name: /恢复使用/ }).click()
    const proof = page.getByRole('dialog')
    await proof.locator('input[type=password]').fill('wrong-password-1')
    await proof.locator('button[type=submit]').click()
    await proof.getByRole('alert').waitFor()
    await proof.locator('input[type=password]').fill(person.password)
    await proof.locator('button[type=submit]').click()
    await page.getByRole('button', { name: /停用账户/ }).waitFor()
    assert.equal((await first(page)).frozen, false)
  })

  screen('does not close an account that holds money, and says why', async ({ page, bank }) => {
    await enter(page, bank, ready, '/accounts')
    await page.goto(`/accounts/${(await first(page)).id}`)
    await page.getByRole('button', { name: /销户/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: '销户' }).click()
    await page.getByRole('dialog').getByRole('alert').waitFor()
    await checkAccessibility(page)
  })

  screen('opens a second account, and closes it while it is empty', async ({ page, bank, viewport }) => {
    await enter(page, bank, somebody(viewport === 'phone' ? 5 : 6), '/accounts')
    await page.getByRole('link', { name: '开立新账户' }).first().click()
    await page.getByRole('radio', { name: /Ⅲ类/ }).check()
    await checkAccessibility(page)
    await page.getByRole('button', { name: '开户' }).click()
    await page.waitForURL('**/accounts/acct_*')
    await page.getByText('这个账户还没有交易').waitFor()
    await page.getByRole('button', { name: /销户/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: '销户' }).click()
    await page.getByText(/已于 .* 销户/).waitFor()
  })
})
