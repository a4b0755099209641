// Acts under approval from where staff work: restraints, policies and deputies, each as before and after.
import { checkAccessibility } from '../lib/axe.mjs'
import { openPage } from '../lib/browser.mjs'
import { shot } from '../lib/shot.mjs'
import { suite } from '../lib/suite.mjs'
import { somebody } from '../pages/person.mjs'
import { colleague, mustConsole, work } from '../pages/staff.mjs'

suite('console acts', ({ screen }) => {
  screen('an account is restrained by two, and policies and deputies have their pages', { app: 'console', sizes: ['desktop', 'laptop'] }, async ({ page, bank, browser, viewport }) => {
    await work(page, bank, colleague(bank, 'risk_officer'))
    const customer = (await mustConsole(page.context(), 'POST', '/customers/search', { data: { contact: somebody(viewport === 'desktop' ? 1 : 2).phone } })).items[0]
    await page.goto(`/customers/${customer.id}`)
    await page.getByRole('button', { name: /^限制账户/ }).first().click()
    const asking = page.getByRole('dialog')
    await asking.getByLabel('金额').fill('66.60')
    await asking.getByLabel('决定机关').fill('海淀区人民法院')
    await asking.getByLabel('理由').fill('协助法院冻结')
    await asking.getByRole('button', { name: '提交审批' }).click()
    await asking.getByText('请把上面各项填完整').waitFor()
    await asking.getByLabel('文书编号').fill('(2026) 京0108 执 1 号')
    await asking.getByText('金额冻结 ¥66.60').waitFor()
    await checkAccessibility(page)
    await shot(page, `console-restrain-${viewport}`)
    await asking.getByRole('button', { name: '提交审批' }).click()
    await page.getByText('已提交审批').first().waitFor()

    const other = await openPage(browser, bank, { app: 'console', viewport })
    try {
      await work(other.page, bank, colleague(bank, 'compliance_officer'), '/approvals')
      await other.page.getByRole('region', { name: '审批' }).getByRole('link', { name: '限制账户' }).first().click()
      await other.page.getByText('海淀区人民法院').waitFor()
      await other.page.getByRole('button', { name: '同意', exact: true }).click()
      await other.page.getByRole('dialog').getByRole('button', { name: '同意', exact: true }).click()
      await other.page.getByRole('heading', { level: 1 }).getByText('已执行').waitFor()
      await other.page.getByRole('heading', { name: '已作的决定' }).waitFor()
      await shot(other.page, `console-decided-${viewport}`)

      await other.page.goto('/approvals/policies')
      await other.page.getByRole('button', { name: /^修改 冲正转账/ }).waitFor()
      await checkAccessibility(other.page)
      await other.page.getByRole('button', { name: /^修改 冲正转账/ }).click()
      await other.page.getByRole('dialog').getByRole('button', { name: '加一步' }).click()
      await shot(other.page, `console-policy-${viewport}`)
      await other.page.getByRole('dialog').getByLabel('理由').fill('再多一双眼睛')
      await other.page.getByRole('dialog').getByRole('button', { name: '提交审批' }).click()
      await other.page.getByText('已提交审批').first().waitFor()

      await other.page.goto('/approvals/delegations')
      await other.page.getByLabel('代办人').selectOption({ index: 0 })
      const today = new Date().toLocaleDateString('en-CA', { timeZone: 'Asia/Shanghai' })
      await other.page.getByLabel('开始').fill(today)
      await other.page.getByLabel('结束').fill(today)
      await other.page.getByRole('button', { name: '委托代办' }).click()
      await other.page.getByRole('button', { name: '结束' }).first().waitFor()
      await checkAccessibility(other.page)
      await shot(other.page, `console-delegations-${viewport}`)
      await other.page.getByRole('button', { name: '结束' }).first().click()
      await other.page.getByText('已结束').first().waitFor()
      other.watcher.check()
    } finally {
      await other.context.close()
    }
    await page.reload()
    await page.getByText('(2026) 京0108 执 1 号').waitFor()
    await shot(page, `console-restrained-${viewport}`)
  })
})
