// Four eyes: one administrator asks, another agrees; nobody agrees to his own request, and a refusal says why.
import assert from 'node:assert/strict'
import { checkAccessibility } from '../lib/axe.mjs'
import { openPage } from '../lib/browser.mjs'
import { shot } from '../lib/shot.mjs'
import { suite } from '../lib/suite.mjs'
import { colleague, work } from '../pages/staff.mjs'

suite('console approvals', ({ screen }) => {
  screen('a role is asked for by one and agreed to by another', { app: 'console', sizes: ['desktop', 'laptop'] }, async ({ page, bank, browser, viewport }) => {
    await work(page, bank, colleague(bank, 'administrator'), '/staff')
    await page.getByRole('region', { name: '员工' }).getByRole('link', { name: '客服' }).click()
    await page.waitForURL('**/staff/stff_*')
    await page.getByRole('button', { name: '申请新岗位' }).click()
    const asking = page.getByRole('dialog')
    await asking.getByLabel('岗位').selectOption({ label: viewport === 'desktop' ? '柜员' : '市场' })
    await asking.getByLabel('理由').fill('柜面缺人，兼任一周')
    await asking.getByRole('button', { name: '提交审批' }).click()
    await page.getByText('已提交审批').first().waitFor()

    await page.goto('/approvals?view=mine')
    await page.getByRole('region', { name: '审批' }).getByRole('link', { name: '变更岗位' }).first().click()
    await page.waitForURL('**/approvals/aprv_*')
    await page.getByRole('button', { name: '撤回' }).waitFor()
    assert.equal(await page.getByRole('button', { name: '同意' }).count(), 0, 'nobody agrees to his own request')
    const { pathname } = new URL(page.url())

    const other = await openPage(browser, bank, { app: 'console', viewport })
    try {
      await work(other.page, bank, colleague(bank, 'administrator', { second: true }), pathname)
      await other.page.getByRole('heading', { name: '变更', exact: true }).waitFor()
      await checkAccessibility(other.page)
      await shot(other.page, `console-approval-${viewport}`)
      const agree = viewport === 'desktop'
      await other.page.getByRole('button', { name: agree ? '同意' : '拒绝', exact: true }).click()
      const deciding = other.page.getByRole('dialog')
      if (!agree) {
        await deciding.getByRole('button', { name: '拒绝', exact: true }).click()
        await deciding.getByRole('alert').filter({ hasText: '至少两个字' }).waitFor()
        await deciding.getByLabel('理由').fill('人手已经够了')
      }
      await deciding.getByRole('button', { name: agree ? '同意' : '拒绝', exact: true }).click()
      await other.page.getByRole('heading', { level: 1 }).getByText(agree ? '已执行' : '已拒绝').waitFor()
      other.watcher.check()
    } finally {
      await other.context.close()
    }
    await page.reload()
    await page.getByRole('heading', { level: 1 }).getByText(viewport === 'desktop' ? '已执行' : '已拒绝').waitFor()
  })
})
