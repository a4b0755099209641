// The books are verified on a button while the bank works; the run can be left and come back to.
import assert from 'node:assert/strict'
import { checkAccessibility } from '../lib/axe.mjs'
import { shot } from '../lib/shot.mjs'
import { suite } from '../lib/suite.mjs'
import { colleague, work } from '../pages/staff.mjs'

suite('console books', ({ screen }) => {
  screen('are verified on a button, with progress and a result', { app: 'console', sizes: ['desktop', 'laptop'] }, async ({ page, bank, viewport }) => {
    await work(page, bank, colleague(bank, 'operations'))
    await page.goto('/ledger/examinations')
    await page.getByRole('heading', { name: '核对账簿', level: 1 }).waitFor()
    await page.getByRole('button', { name: '核对全部' }).click()
    await page.goto('/ledger')
    await page.getByRole('heading', { name: '总账', level: 1 }).waitFor()
    await page.getByRole('link', { name: '核对账簿' }).click()
    await page.getByText('账簿无误').waitFor()
    const row = page.getByRole('region', { name: '核对账簿' }).getByRole('row').nth(1)
    assert.match(await row.innerText(), /相符[\s\S]*全部/)
    await checkAccessibility(page)
    await shot(page, `console-examinations-${viewport}`)
    await page.goto('/ledger')
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: 'Excel' }).click()])
    assert.equal(file.suggestedFilename(), 'trial-balance.xlsx')
    await page.getByText('文件第一行记有导出人').waitFor()
    await page.getByLabel('含零余额').check()
    await page.locator('summary[aria-label="保存的视图"]').click()
    await page.getByLabel('视图名称').fill('含零')
    await page.getByRole('button', { name: '保存', exact: true }).click()
    await page.goto('/ledger')
    await page.locator('summary[aria-label="保存的视图"]').click()
    await page.getByRole('button', { name: '含零', exact: true }).click()
    await page.waitForURL('**/ledger?zero=1')
    await page.goto('/ledger/examinations')
    await page.getByRole('textbox', { name: '从账户编号' }).fill('acct_9')
    await page.getByRole('button', { name: '核对这些账户' }).click()
    await page.getByText('acct_9 …').first().waitFor()
  })
})
