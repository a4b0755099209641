// Ways back in: a forgotten PIN, a forgotten password, a lost phone. Document and face replace what is gone.
import assert from 'node:assert/strict'
import { checkAccessibility } from '../lib/axe.mjs'
import { oneTimeCode } from '../lib/inbox.mjs'
import { become, newcomer, photograph, typeCode, typePin } from '../lib/people.mjs'
import { picture } from '../lib/picture.mjs'
import { shot } from '../lib/shot.mjs'
import { suite } from '../lib/suite.mjs'
import { open } from '../pages/person.mjs'

const people = new Map()

/** A verified customer for each size, made once; later tests find them as earlier ones left them. */
async function customer(browser, bank, viewport) {
  if (!people.has(viewport)) {
    const context = await browser.newContext({ baseURL: bank.mobile })
    const person = newcomer()
    await become(context, bank, person, { verified: true })
    people.set(viewport, { ...person, cookies: await context.cookies() })
    await context.close()
  }
  return people.get(viewport)
}

async function identify(page, { name, idNumber }) {
  await page.getByLabel('姓名').fill(name)
  await page.getByLabel('身份证号').fill(idNumber)
  await page.getByRole('button', { name: '下一步' }).click()
}

suite('ways back in', ({ screen }) => {
  screen('a forgotten PIN is set anew by document and face, not by another’s face', async ({ page, context, bank, browser, viewport }) => {
    const person = await customer(browser, bank, viewport)
    await context.addCookies(person.cookies)
    await open(page, bank, '/security/pin')
    await page.getByRole('link', { name: /核对身份重设/ }).click()
    await page.getByRole('button', { name: '下一步' }).click()
    await page.getByRole('alert').filter({ hasText: '请输入姓名' }).waitFor()
    await checkAccessibility(page)
    await identify(page, person)
    await page.getByRole('heading', { name: '拍一张脸' }).waitFor()
    await photograph(page, '正脸照片', picture('other-face'))
    await checkAccessibility(page)
    await page.getByRole('button', { name: '下一步' }).click()
    for (let time = 0; time < 2; time++) await typePin(page.locator('.new-pin'), '739152')
    await page.getByText('未能确认您的身份').waitFor()
    await page.getByRole('heading', { name: '核对身份' }).waitFor()
    await page.getByRole('button', { name: '下一步' }).click()
    await photograph(page, '正脸照片', picture('face'))
    await page.getByRole('button', { name: '下一步' }).click()
    await page.getByRole('heading', { name: '设置新的支付密码' }).waitFor()
    await checkAccessibility(page)
    await shot(page, `pin-reset-${viewport}`)
    for (let time = 0; time < 2; time++) await typePin(page.locator('.new-pin'), '739152')
    await page.getByText('支付密码已设置好').waitFor()
    await page.waitForURL('**/security')
  })

  screen('a forgotten password is chosen anew, and only the new one signs in', async ({ page, bank, browser, viewport }) => {
    const person = await customer(browser, bank, viewport)
    await page.goto('/sign-in')
    await page.getByRole('link', { name: '忘记密码' }).click()
    await page.getByLabel('手机号', { exact: true }).last().fill(person.phone)
    await page.getByRole('button', { name: '获取验证码' }).click()
    await page.getByRole('heading', { name: '输入验证码' }).waitFor()
    await checkAccessibility(page)
    await typeCode(page, await oneTimeCode(bank, person.phone))
    await page.getByRole('heading', { name: '核对身份' }).waitFor()
    await checkAccessibility(page)
    await identify(page, person)
    await photograph(page, '正脸照片', picture('face'))
    await page.getByRole('button', { name: '下一步' }).click()
    await page.getByLabel('新的登录密码').fill('Open-meadow-41-Kite')
    await checkAccessibility(page)
    await shot(page, `password-reset-${viewport}`)
    await page.getByRole('button', { name: '重设密码' }).click()
    await page.getByRole('heading', { name: '密码已重设' }).waitFor()
    await checkAccessibility(page)
    await page.getByRole('link', { name: '登录' }).click()
    await page.getByLabel('手机号或邮箱').fill(person.phone)
    await page.getByLabel('密码', { exact: true }).last().fill(person.password)
    await page.getByRole('button', { name: '登录', exact: true }).click()
    await page.getByRole('alert').filter({ hasText: '不正确' }).waitFor()
    await page.getByLabel('密码', { exact: true }).last().fill('Open-meadow-41-Kite')
    await page.getByRole('button', { name: '登录', exact: true }).click()
    await page.getByRole('heading', { name: '这是一台新设备' }).waitFor()
    person.password = 'Open-meadow-41-Kite'
  })

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
