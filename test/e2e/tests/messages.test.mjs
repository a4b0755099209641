// What the bank told the person, and where it may reach them.
import assert from 'node:assert/strict'
import { checkAccessibility } from '../lib/axe.mjs'
import { suite } from '../lib/suite.mjs'
import { call, enter, ready, somebody } from '../pages/person.mjs'

suite('messages', ({ screen }) => {
  screen('opens a message, marks it read, and leads to what it is about', async ({ page, bank, viewport }) => {
    await enter(page, bank, somebody(viewport === 'phone' ? 10 : 11), '/messages')
    const list = page.getByRole('list', { name: '消息' })
    await list.getByText('新设备登录').first().waitFor()
    await checkAccessibility(page)
    const { body: before } = await call(page, 'GET', '/messages')
    await list.getByRole('button', { name: /新设备登录/ }).first().click()
    await checkAccessibility(page)
    await page.getByRole('dialog').getByRole('link', { name: '查看详情' }).click()
    await page.waitForURL('**/devices')
    const { body: after } = await call(page, 'GET', '/messages')
    assert.equal(after.unread, before.unread - 1)
  })

  screen('marks all as read', async ({ page, bank, viewport }) => {
    await enter(page, bank, somebody(viewport === 'phone' ? 12 : 13), '/messages')
    await page.getByRole('button', { name: /全部标为已读/ }).click()
    await page.getByRole('button', { name: /全部标为已读/ }).waitFor({ state: 'detached' })
    assert.equal(await page.getByText('未读', { exact: true }).count(), 0)
  })

  screen('lets the person choose, except what keeps them safe', async ({ page, bank }) => {
    await enter(page, bank, ready, '/messages/preferences')
    await page.getByRole('switch').first().waitFor()
    await checkAccessibility(page)
    const mail = page.getByRole('list', { name: '交易' }).getByRole('switch', { name: /邮件/ })
    const before = await mail.getAttribute('aria-checked')
    await mail.click()
    await page.waitForFunction(was => [...document.querySelectorAll('[role=switch]')].some(one => one.textContent?.includes('邮件') && one.getAttribute('aria-checked') !== was), before)
    await page.reload()
    await mail.waitFor()
    assert.notEqual(await mail.getAttribute('aria-checked'), before)
    await mail.click()
    const fixed = page.getByRole('list', { name: '安全' }).getByRole('switch').first()
    assert.equal(await fixed.getAttribute('aria-disabled'), 'true')
  })
})
