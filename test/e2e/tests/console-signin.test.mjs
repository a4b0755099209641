// Staff sign in with two factors, always; what they may do decides what they see.
import assert from 'node:assert/strict'
import { checkAccessibility } from '../lib/axe.mjs'
import { shot } from '../lib/shot.mjs'
import { suite } from '../lib/suite.mjs'
import { colleague, totp, work } from '../pages/staff.mjs'

const sizes = ['desktop', 'laptop']

suite('console sign-in', ({ screen }) => {
  screen('asks for password and code, leads where one wanted to go, and ends', { app: 'console', sizes }, async ({ page, bank, viewport }) => {
    const person = colleague(bank, viewport === 'desktop' ? 'teller' : 'service_agent')
    await page.goto('/approvals')
    await page.getByRole('heading', { name: '员工登录' }).waitFor()
    await page.getByRole('button', { name: '登录', exact: true }).click()
    await page.getByRole('alert').filter({ hasText: '请输入邮箱' }).waitFor()
    await page.getByLabel('邮箱').fill(person.mail)
    await page.getByLabel('密码').fill('not the password at all')
    await page.getByRole('button', { name: '登录', exact: true }).click()
    await page.getByRole('alert').first().waitFor()
    await page.getByLabel('密码').fill(person.password)
    await page.getByRole('button', { name: '登录', exact: true }).click()
    await page.getByRole('heading', { name: '第二重验证' }).waitFor()
    await checkAccessibility(page)
    await page.getByLabel('六位数字').fill(totp(person.secret, 1))
    await page.getByRole('button', { name: '登录', exact: true }).click()
    await page.waitForURL(url => url.pathname === '/approvals')
    await page.getByRole('heading', { name: '审批', level: 1 }).waitFor()

    const nav = page.getByRole('navigation')
    assert.equal(await nav.getByRole('link', { name: '客户' }).count(), 1)
    assert.equal(await nav.getByRole('link', { name: '员工' }).count(), 0, 'a teller sees no staff')
    await page.goto('/staff')
    await page.getByRole('heading', { name: '没有这个页面，或你没有权限' }).waitFor()
    await page.getByRole('button', { name: '退出登录' }).click()
    await page.getByRole('heading', { name: '员工登录' }).waitFor()
    await page.goto('/customers')
    await page.getByRole('heading', { name: '员工登录' }).waitFor()
  })

  screen('shows everybody his own work, accessible and never wider than the screen', { app: 'console', sizes: ['laptop'] }, async ({ page, bank, viewport }) => {
    await work(page, bank, colleague(bank, 'administrator'))
    for (const [path, heading] of [['/', '今日'], ['/staff', '员工'], ['/policies', '权限'], ['/system', '系统'], ['/branches', '网点']]) {
      await page.goto(path)
      await page.getByRole('heading', { name: heading, level: 1 }).waitFor()
      await page.waitForLoadState('networkidle')
      await checkAccessibility(page)
      await shot(page, `console-${path.slice(1) || 'today'}-${viewport}`)
      assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth), `${path} is too wide`)
    }
  })
})
