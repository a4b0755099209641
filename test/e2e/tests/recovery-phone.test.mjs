// The last way back in: a lost phone. A new number by code, and document and face for the person.
import assert from 'node:assert/strict'
import { checkAccessibility } from '../lib/axe.mjs'
import { messages, oneTimeCode } from '../lib/inbox.mjs'
import { become, newcomer, photograph, typeCode } from '../lib/people.mjs'
import { picture } from '../lib/picture.mjs'
import { customer, identify } from '../lib/recovery.mjs'
import { shot } from '../lib/shot.mjs'
import { suite } from '../lib/suite.mjs'
import { call, open } from '../pages/person.mjs'

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

  screen('a lost phone is replaced by who is signed in, with his face', async ({ page, bank, viewport }) => {
    const person = newcomer()
    const phone = newcomer().phone
    await become(page.context(), bank, person, { verified: true })
    await open(page, bank, '/me/contact/phone')
    await page.getByRole('link', { name: '原来的手机号用不了了' }).click()
    await page.waitForURL('**/me/contact/phone/lost')
    await page.getByRole('button', { name: '获取验证码' }).click()
    await page.getByRole('alert').filter({ hasText: '请输入正确的手机号' }).waitFor()
    await checkAccessibility(page)
    await page.getByLabel('手机号', { exact: true }).last().fill(phone)
    await page.getByRole('button', { name: '获取验证码' }).click()
    await typeCode(page, await oneTimeCode(bank, phone))
    await identify(page, person)
    await page.getByRole('button', { name: '更换手机号' }).click()
    await page.getByRole('alert').filter({ hasText: '请先拍照' }).waitFor()
    await checkAccessibility(page)
    await shot(page, `phone-reset-face-${viewport}`)
    await photograph(page, '正脸照片', picture('other-face'))
    await page.getByRole('button', { name: '更换手机号' }).click()
    // Another's face changes nothing; the person begins again where he says who he is.
    await page.getByText('未能确认您的身份').waitFor({ timeout: providerMilliseconds })
    assert.equal((await call(page, 'GET', '/me')).body.phone?.endsWith(phone.slice(-4)) ?? false, false)
    await page.getByRole('button', { name: '下一步' }).click()
    await photograph(page, '正脸照片', picture('face'))
    await page.getByRole('button', { name: '更换手机号' }).click()
    await page.waitForURL('**/me/profile', { timeout: providerMilliseconds })
    await page.getByText(phone.slice(-4)).first().waitFor()
    await checkAccessibility(page)
    // The old number is told, and does not sign in any more.
    assert.ok((await messages(bank, person.phone)).some(({ code, text }) => !code && /手机/.test(text ?? '')))
    const { status } = await call(page, 'POST', '/sessions/password', { identifier: person.phone, password: person.password })
    assert.equal(status, 401)
  })
}, { args: ['--rate-scale', '50'] })

/** The provider that stands in takes its time, as real ones do. */
const providerMilliseconds = 30_000
