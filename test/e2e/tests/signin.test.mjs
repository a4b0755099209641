// Signing in three ways, with the second factor of a new device, and what is refused.
import assert from 'node:assert/strict'
import { checkAccessibility } from '../lib/axe.mjs'
import { oneTimeCode } from '../lib/inbox.mjs'
import { signIn, typeCode } from '../lib/people.mjs'
import { shot } from '../lib/shot.mjs'
import { suite } from '../lib/suite.mjs'
import { somebody } from '../pages/person.mjs'

const identifier = page => page.getByLabel('手机号或邮箱')
const password = page => page.getByLabel('密码', { exact: true }).last()
const submit = page => page.getByRole('button', { name: '登录', exact: true }).click()

suite('sign in', ({ screen }) => {
  screen('by password, with a code on a new device and without one afterwards', async ({ page, bank, viewport }) => {
    const person = somebody(viewport === 'phone' ? 20 : 21)
    await page.goto('/messages')
    await page.getByRole('heading', { name: '欢迎回来' }).waitFor()
    assert.equal(await identifier(page).getAttribute('autocomplete'), 'username')
    assert.equal(await password(page).getAttribute('autocomplete'), 'current-password')
    await checkAccessibility(page)
    await shot(page, `sign-in-${viewport}`)
    await identifier(page).fill(person.phone)
    await password(page).fill(person.password)
    await submit(page)
    await page.getByRole('heading', { name: '这是一台新设备' }).waitFor()
    await page.getByText(/验证码已发到 .*\*/).waitFor()
    await checkAccessibility(page)
    await shot(page, `sign-in-second-${viewport}`)
    const code = await oneTimeCode(bank, person.phone)
    await typeCode(page, code === '000000' ? '111111' : '000000')
    await page.getByRole('alert').filter({ hasText: '验证码不正确' }).waitFor()
    await typeCode(page, code)
    await page.waitForURL(url => url.pathname === '/messages')

    await page.goto('/me')
    await page.getByRole('button', { name: '退出登录' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '退出登录' }).click()
    await page.waitForURL(url => url.pathname === '/welcome')
    await page.goto('/sign-in')
    await identifier(page).fill(person.phone)
    await password(page).fill(person.password)
    await submit(page)
    await page.waitForURL(url => url.pathname === '/')
  })

  screen('by code, with the password on a new device', async ({ page, bank, viewport }) => {
    const person = somebody(viewport === 'phone' ? 22 : 24)
    await page.goto('/sign-in')
    await page.getByRole('radio', { name: '验证码' }).check({ force: true })
    await identifier(page).fill(person.phone)
    await page.getByRole('button', { name: '获取验证码' }).click()
    await page.locator('input[autocomplete="one-time-code"]').waitFor()
    await checkAccessibility(page)
    await shot(page, `sign-in-code-${viewport}`)
    await typeCode(page, await oneTimeCode(bank, person.phone))
    await page.getByRole('heading', { name: '这是一台新设备' }).waitFor()
    await password(page).fill('not-the-password-1')
    await submit(page)
    await page.getByRole('alert').filter({ hasText: '不正确' }).waitFor()
    await password(page).fill(person.password)
    await submit(page)
    await page.waitForURL(url => url.pathname === '/')
  })

  screen('a wrong password is refused in words, and too many of them with a wait', async ({ page, bank, viewport }) => {
    const person = somebody(viewport === 'phone' ? 23 : 25)
    await signIn(page, bank, person) // this device is known now: its wrong passwords are its own
    await page.context().clearCookies({ name: /tongbao_app|tongbao_mobile/ })
    await page.goto('/sign-in')
    await identifier(page).fill(person.phone)
    for (let tries = 0; tries < 6; tries++) {
      await password(page).fill(`wrong-password-${tries}`)
      await submit(page)
      await page.getByRole('alert').first().waitFor()
      if (await page.getByText('请等待').count()) break
    }
    await page.getByText(/尝试太多次了，请等待 \d+:\d\d/).waitFor()
    assert.ok(await page.getByRole('button', { name: '登录', exact: true }).isDisabled())
    await checkAccessibility(page)
    await shot(page, `sign-in-locked-${viewport}`)
  })

  screen('what is missing is told beside its field', async ({ page }) => {
    await page.goto('/sign-in')
    await submit(page)
    await page.getByRole('alert').filter({ hasText: '请输入正确的手机号或邮箱' }).waitFor()
    await page.getByRole('alert').filter({ hasText: '请输入密码' }).waitFor()
    await page.getByRole('link', { name: '忘记密码' }).click()
    await page.getByRole('heading', { name: '你的手机号或邮箱' }).waitFor()
    await checkAccessibility(page)
  })
}, { args: ['--rate-scale', '50'] })
