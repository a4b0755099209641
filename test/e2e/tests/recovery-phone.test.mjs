// The last way back in: a lost phone. A new number by code, and document and face for the person.
import assert from 'node:assert/strict'
import { checkAccessibility } from '../lib/axe.mjs'
import { oneTimeCode } from '../lib/inbox.mjs'
import { newcomer, photograph, typeCode } from '../lib/people.mjs'
import { picture } from '../lib/picture.mjs'
import { customer, identify } from '../lib/recovery.mjs'
import { shot } from '../lib/shot.mjs'
import { suite } from '../lib/suite.mjs'

suite('a lost phone', ({ screen }) => {
  screen('a lost phone is replaced by a new number, without a session', async ({ page, bank, browser, viewport }) => {
    const person = await customer(browser, bank, viewport)
    const phone = newcomer().phone
    await page.goto('/sign-in')
    await page.getByRole('link', { name: '手机号用不了了' }).click()
    await page.getByRole('heading', { name: '你的新手机号' }).waitFor()
    await page.getByRole('button', { name: '获取验证码' }).click()
    await page.getByRole('alert').filter({ hasText: '请输入正确的手机号' }).waitFor()
    await checkAccessibility(page)
    await page.getByLabel('手机号', { exact: true }).last().fill(phone)
    await page.getByRole('button', { name: '获取验证码' }).click()
    await page.getByText(/验证码已发到 .*\*/).waitFor()
    await typeCode(page, await oneTimeCode(bank, phone))
    await identify(page, { ...person, name: '不是他' })
    await page.getByRole('heading', { name: '身份证照片' }).waitFor()
    await page.getByRole('button', { name: '下一步' }).click()
    assert.equal(await page.getByRole('alert').filter({ hasText: '请先拍照或选择照片' }).count(), 2)
    await checkAccessibility(page)
    await photograph(page, '人像面', picture('front'))
    await photograph(page, '国徽面', picture('back'))
    await shot(page, `lost-phone-document-${viewport}`, { fullPage: true })
    await page.getByRole('button', { name: '下一步' }).click()
    await photograph(page, '正脸照片', picture('face'))
    await checkAccessibility(page)
    await page.getByRole('button', { name: '更换手机号' }).click()
    // Whoever is not recognised learns nothing, and keeps what was filled in.
    await page.getByText('未能确认您的身份').waitFor({ timeout: providerMilliseconds })
    await identify(page, person)
    await page.getByRole('button', { name: '下一步' }).click()
    await page.getByRole('button', { name: '更换手机号' }).click()
    const code = page.locator('input[autocomplete="one-time-code"]')
    const done = page.getByRole('heading', { name: '手机号已更换' })
    await done.or(code).first().waitFor({ timeout: providerMilliseconds })
    await done.waitFor()
    await checkAccessibility(page)
    await shot(page, `lost-phone-done-${viewport}`)
    await page.getByRole('link', { name: '登录' }).click()
    await page.getByLabel('手机号或邮箱').fill(phone)
    await page.getByLabel('密码', { exact: true }).last().fill(person.password)
    await page.getByRole('button', { name: '登录', exact: true }).click()
    await page.getByRole('heading', { name: '这是一台新设备' }).waitFor()
    await typeCode(page, await oneTimeCode(bank, phone))
    await page.waitForURL(url => url.pathname === '/')
  })
}, { args: ['--rate-scale', '50'] })

/** The provider that stands in takes its time, as real ones do. */
const providerMilliseconds = 30_000
