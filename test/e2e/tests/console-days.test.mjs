// The business day as operators see it, the books, a journal made by hand, and a product's new version: each asked for by one, agreed to by others.
import assert from 'node:assert/strict'
import { checkAccessibility } from '../lib/axe.mjs'
import { openPage } from '../lib/browser.mjs'
import { shot } from '../lib/shot.mjs'
import { suite } from '../lib/suite.mjs'
import { colleague, mustConsole, work } from '../pages/staff.mjs'

/** Lets a colleague agree to the request that a page of its own shows. */
async function agree({ browser, bank, viewport }, role, path) {
  const other = await openPage(browser, bank, { app: 'console', viewport })
  try {
    await work(other.page, bank, colleague(bank, role), path)
    await other.page.getByRole('button', { name: '同意', exact: true }).click()
    await other.page.getByRole('dialog').getByRole('button', { name: '同意', exact: true }).click()
    await other.page.getByText('已同意').or(other.page.getByRole('heading', { level: 1 }).getByText('已执行')).first().waitFor()
    other.watcher.check()
  } finally {
    await other.context.close()
  }
}

suite('console days', ({ screen }) => {
  screen('an operator follows the end of days, reads the books and asks for a journal', { app: 'console', sizes: ['desktop', 'laptop'] }, async ({ page, bank, browser, viewport }) => {
    await work(page, bank, colleague(bank, 'operations'), '/days')
    const days = page.getByRole('region', { name: '营业日与日终' })
    await days.getByText('已锁定').first().waitFor()
    await days.getByText('开放').first().waitFor()
    await page.getByRole('region', { name: '应计利息' }).getByText('相符').first().waitFor()
    await page.getByText('没有搁置的项目').waitFor()
    await checkAccessibility(page)
    await shot(page, `console-days-${viewport}`)
    const [saved] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: '下载 CSV' }).click()])
    assert.equal(saved.suggestedFilename(), 'business-days.csv')
    await page.getByRole('button', { name: '立即继续日终' }).click()
    await page.getByText('已安排').first().waitFor()

    await days.getByRole('link').first().click()
    await page.getByRole('heading', { level: 1, name: /的日终$/ }).waitFor()
    const steps = page.getByRole('region', { name: '步骤' })
    await steps.getByText('计提利息').waitFor()
    assert.equal(await steps.getByText('等待', { exact: true }).count(), 0, 'every step of a locked day is done')
    await page.getByText('总分核对', { exact: true }).first().waitFor()
    await checkAccessibility(page)
    await shot(page, `console-day-${viewport}`)
    await page.getByRole('link', { name: '当日资产负债表' }).click()
    await page.getByText('两边相等').first().waitFor()
    await checkAccessibility(page)
    await shot(page, `console-balance-sheet-${viewport}`)
    await page.getByRole('navigation', { name: '报表' }).getByRole('link', { name: '利润表' }).click()
    await page.waitForURL('**/books/profit-and-loss')
    await page.getByLabel('自').fill(new Date(Date.now() - 200 * 86_400_000).toISOString().slice(0, 10))
    await page.getByLabel('自').press('Tab')
    await page.getByText('净利润').first().waitFor()
    await page.goto('/days/calendar?year=2026')
    await page.getByText('调休上班').waitFor()
    await checkAccessibility(page)
    await page.goto('/days/calendar?year=2090')
    await page.getByText('2090 年的工作日未知').waitFor()

    await page.goto('/books/manual-journal')
    await page.getByLabel('账户 1').fill('glac_100101_CNY_0001')
    await page.getByLabel('账户 2').fill('glac_224101_CNY_0001')
    await page.getByLabel('金额（元） 1').fill('3')
    await page.getByLabel('依据编号').fill(`memo ${viewport}`)
    await page.getByRole('button', { name: '提交审批' }).click()
    await page.getByRole('alert').filter({ hasText: '借贷相等' }).waitFor()
    await page.getByLabel('金额（元） 2').fill('3.00')
    await checkAccessibility(page)
    await shot(page, `console-manual-journal-${viewport}`)
    await page.getByRole('button', { name: '提交审批' }).click()
    const asking = page.getByRole('dialog')
    await asking.getByLabel('理由').fill('电梯里捡到的现金')
    await asking.getByRole('button', { name: '提交审批' }).click()
    await page.waitForURL('**/approvals/aprv_*')
    await agree({ browser, bank, viewport }, 'risk_officer', new URL(page.url()).pathname)
    await page.goto('/books/suspense')
    await page.getByText('glac_224101_CNY_0001').first().waitFor()
  })

  screen('a product gets a new version when others agree', { app: 'console', sizes: ['desktop'] }, async ({ page, bank, browser, viewport }) => {
    await work(page, bank, colleague(bank, 'product_manager'), '/products')
    await page.getByRole('region', { name: '产品' }).getByRole('link', { name: '活期账户（Ⅰ类）' }).click()
    await page.waitForURL('**/products/current_1')
    const tomorrow = new Date(Date.now() + 3 * 86_400_000).toISOString().slice(0, 10)
    await page.getByLabel('生效日（最早明天）').fill(tomorrow)
    await page.getByLabel('利率 1').fill('x')
    await page.getByRole('button', { name: '比较与测算' }).click()
    await page.getByRole('alert').filter({ hasText: '检查利率' }).waitFor()
    await page.getByLabel('利率 1').fill('0.1')
    await page.getByRole('button', { name: '比较与测算' }).click()
    await page.getByRole('heading', { name: '变更与影响' }).waitFor()
    await page.getByText('利率随之变动').waitFor()
    await checkAccessibility(page)
    await shot(page, `console-product-${viewport}`)
    await page.getByRole('button', { name: '提交审批' }).click()
    const asking = page.getByRole('dialog')
    await asking.getByLabel('理由').fill('同业都已上调')
    await asking.getByRole('button', { name: '提交审批' }).click()
    await page.getByText('已提交审批').first().waitFor()
    const { items } = await mustConsole(page.context(), 'GET', '/approvals/mine')
    for (const role of ['risk_officer', 'compliance_officer']) await agree({ browser, bank, viewport }, role, `/approvals/${items[0].id}`)
    await page.reload()
    await page.getByRole('region', { name: '版本历史' }).getByText(tomorrow).waitFor()
    await page.goto('/products')
    await page.getByRole('region', { name: '产品' }).getByText(tomorrow).waitFor()
  })
})
