// Becoming a customer: from the welcome page to a payment PIN, and what is refused on the way.
import assert from 'node:assert/strict'
import { checkAccessibility } from '../lib/axe.mjs'
import { oneTimeCode } from '../lib/inbox.mjs'
import { newcomer, typeCode, typePin } from '../lib/people.mjs'
import { shot } from '../lib/shot.mjs'
import { suite } from '../lib/suite.mjs'

suite('register', ({ screen }) => {
  screen('leads from the welcome page to a customer with a payment PIN', async ({ page, bank, viewport }) => {
    const person = newcomer()
    await page.goto('/')
    await page.getByRole('link', { name: '开通通宝' }).click()
    await checkAccessibility(page)
    await shot(page, `register-contact-${viewport}`)

    await page.getByLabel('手机号', { exact: true }).last().fill(person.phone)
    await page.getByRole('button', { name: '获取验证码' }).click()
    await page.getByText(/验证码已发到 .*\*/).waitFor()
    await page.getByText(/\d+ 秒后可重发/).waitFor()
    await checkAccessibility(page)
    await shot(page, `register-code-${viewport}`)
    await typeCode(page, await oneTimeCode(bank, person.phone))

    const password = page.getByLabel('新的登录密码')
    assert.equal(await password.getAttribute('autocomplete'), 'new-password')
    await password.fill('1234')
    assert.equal(await page.getByText('未满足', { exact: true }).count(), 2)
    await page.getByRole('button', { name: '下一步' }).click()
    await page.getByRole('alert').filter({ hasText: '请先满足' }).waitFor()
    await password.fill(person.password)
    assert.equal(await page.getByText('未满足', { exact: true }).count(), 0)
    await checkAccessibility(page)
    await shot(page, `register-password-${viewport}`)
    await page.getByRole('button', { name: '下一步' }).click()

    const consents = page.getByRole('switch')
    await consents.first().waitFor()
    for (const consent of await consents.all()) assert.equal(await consent.getAttribute('aria-checked'), 'false', 'nothing is agreed to in advance')
    await page.getByRole('button', { name: '同意并开通' }).click()
    await page.getByRole('alert').filter({ hasText: '还有必需的项目没有同意' }).waitFor()
    for (const name of ['用户服务协议', '个人信息保护政策']) await page.getByRole('switch', { name }).click()
    await checkAccessibility(page)
    await shot(page, `register-consents-${viewport}`, { fullPage: true })
    await page.getByRole('button', { name: '同意并开通' }).click()

    await page.getByRole('heading', { name: '设置支付密码' }).waitFor()
    await typePin(page, '123456')
    await page.getByText('太容易被猜中').waitFor()
    await typePin(page, person.pin)
    await page.getByText('再输一次').first().waitFor()
    await typePin(page, '147036')
    await page.getByText('两次不一样').waitFor()
    await typePin(page, person.pin)
    await page.getByText('再输一次').first().waitFor()
    await checkAccessibility(page)
    await shot(page, `register-pin-${viewport}`)
    await typePin(page, person.pin)
    await page.getByRole('heading', { name: '开通好了' }).waitFor()
    await shot(page, `register-done-${viewport}`)
    await page.getByRole('link', { name: '现在核验身份' }).click()
    await page.getByRole('heading', { name: '让银行认识你' }).waitFor()
  })

  screen('a wrong code is typed again without repeating the rest', async ({ page, bank }) => {
    const person = newcomer()
    await page.goto('/register')
    await page.getByLabel('手机号', { exact: true }).last().fill(person.phone)
    await page.getByRole('button', { name: '获取验证码' }).click()
    const code = await oneTimeCode(bank, person.phone)
    await typeCode(page, code === '000000' ? '111111' : '000000')
    await page.getByLabel('新的登录密码').fill(person.password)
    await page.getByRole('button', { name: '下一步' }).click()
    for (const name of ['用户服务协议', '个人信息保护政策']) await page.getByRole('switch', { name }).click()
    await page.getByRole('button', { name: '同意并开通' }).click()
    await page.getByRole('alert').filter({ hasText: '验证码不正确' }).waitFor()
    await typeCode(page, code)
    await page.getByRole('heading', { name: '设置支付密码' }).waitFor()
  })

  screen('a number that cannot be one is told beside its field', async ({ page }) => {
    await page.goto('/register')
    await page.getByLabel('手机号', { exact: true }).last().fill('12345')
    await page.getByRole('button', { name: '获取验证码' }).click()
    await page.getByRole('alert').filter({ hasText: '请输入正确的手机号' }).waitFor()
    const field = page.locator('input[type="tel"]')
    assert.equal(await field.getAttribute('aria-invalid'), 'true')
    const described = await field.getAttribute('aria-describedby')
    assert.match(await page.locator(`[id="${described}"]`).innerText(), /请输入正确的手机号/)
  })
}, { args: ['--rate-scale', '50'] })
