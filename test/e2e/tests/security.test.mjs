// The security centre: passkeys, password, PIN, sessions, the emergency brake.
import assert from 'node:assert/strict'
import { checkAccessibility } from '../lib/axe.mjs'
import { prove, typePin } from '../lib/people.mjs'
import { addAuthenticator } from '../lib/passkey.mjs'
import { shot } from '../lib/shot.mjs'
import { suite } from '../lib/suite.mjs'
import { signIn, somebody } from '../pages/person.mjs'

suite('security', ({ screen }) => {
  screen('a passkey is added with two factors, then signs in and proves by itself', async ({ page, bank, viewport }) => {
    const person = somebody(viewport === 'phone' ? 22 : 23)
    const authenticator = await addAuthenticator(page)
    await signIn(page, bank, person)
    await page.goto('/security/passkeys')
    await page.getByText('还没有通行密钥').waitFor()
    await page.getByRole('button', { name: '添加通行密钥' }).click()
    await page.getByRole('dialog', { name: '确认是你本人' }).waitFor()
    await checkAccessibility(page)
    await shot(page, `step-up-${viewport}`)
    await prove(page, bank, person)
    await page.getByRole('dialog').getByRole('button', { name: '创建通行密钥' }).click()
    await page.getByText('通行密钥已添加').waitFor()
    assert.equal((await authenticator.credentials()).length, 1)
    await checkAccessibility(page)
    await shot(page, `passkeys-${viewport}`)

    await page.goto('/me')
    await page.getByRole('button', { name: '退出登录' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '退出登录' }).click()
    await page.waitForURL(url => url.pathname === '/welcome')
    await page.goto('/sign-in')
    await page.getByRole('button', { name: '用通行密钥登录' }).click()
    await page.waitForURL(url => url.pathname === '/')

    await page.goto('/security/password')
    await page.getByLabel('新的登录密码').fill('Another-harbour-7')
    await page.getByRole('button', { name: '修改密码' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '用通行密钥确认' }).click()
    await page.getByText('登录密码已修改').waitFor()

    await page.goto('/security/passkeys')
    await page.getByRole('button', { name: /^移除/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: '移除', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: '用通行密钥确认' }).click()
    await page.getByText('还没有通行密钥').waitFor()
    // Back to the password that the other tests know.
    await page.goto('/security/password')
    await page.getByLabel('新的登录密码').fill(person.password)
    await page.getByRole('button', { name: '修改密码' }).click()
    const sheet = page.getByRole('dialog')
    await sheet.getByLabel('登录密码').fill('wrong-password-1')
    await sheet.getByRole('button', { name: '确认' }).click()
    await sheet.getByRole('alert').filter({ hasText: '密码不正确' }).waitFor()
    await sheet.getByLabel('登录密码').fill('Another-harbour-7')
    await sheet.getByRole('button', { name: '确认' }).click()
    await page.getByText('登录密码已修改').waitFor()
  })

  screen('the PIN changes by the old one', async ({ page, bank, viewport }) => {
    const person = somebody(viewport === 'phone' ? 24 : 25)
    await signIn(page, bank, person)
    await page.goto('/security/pin')
    await checkAccessibility(page)
    await shot(page, `pin-${viewport}`)
    await page.getByRole('button', { name: '修改支付密码' }).click()
    const sheet = page.getByRole('dialog')
    await typePin(sheet, '000111')
    await sheet.getByText(/支付密码不正确/).waitFor()
    await typePin(sheet, person.pin)
    await sheet.waitFor({ state: 'detached' })
    for (let time = 0; time < 2; time++) await typePin(page.locator('.new-pin'), '739152')
    await page.getByText('支付密码已设置好').waitFor()
    // And back, for the other tests.
    await page.goto('/security/pin')
    await page.getByRole('button', { name: '修改支付密码' }).click()
    await typePin(page.getByRole('dialog'), '739152')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    for (let time = 0; time < 2; time++) await typePin(page.locator('.new-pin'), person.pin)
    await page.getByText('支付密码已设置好').waitFor()
  })

  screen('other sessions end, and devices are unbound', async ({ page, bank, browser, viewport }) => {
    const person = somebody(viewport === 'phone' ? 26 : 27)
    const other = await browser.newContext({ baseURL: bank.mobile, locale: 'zh-CN' })
    try {
      const elsewhere = await other.newPage()
      await signIn(page, bank, person)
      const device = (await page.context().cookies()).filter(({ name }) => name.includes('device'))
      await other.addCookies(device) // a second browser of a known device needs no code, of which there is one a minute
      await signIn(elsewhere, bank, person)
      await page.goto('/security')
      await page.getByRole('link', { name: /登录中的设备/ }).waitFor()
      await checkAccessibility(page)
      await shot(page, `security-${viewport}`, { fullPage: true })
      await page.goto('/security/sessions')
      await page.getByText('当前', { exact: true }).waitFor()
      await shot(page, `sessions-${viewport}`)
      await page.getByRole('button', { name: '退出其他所有登录' }).click()
      await page.getByRole('dialog').getByRole('button', { name: '退出其他所有登录' }).click()
      await page.getByText('只有这里登录着').waitFor()
      await elsewhere.goto('/me/profile')
      await elsewhere.waitForURL(url => url.pathname === '/sign-in')
      await page.goto('/security/devices')
      await page.getByText('这台设备').waitFor()
      await checkAccessibility(page)
      await shot(page, `devices-${viewport}`)
      await page.goto('/security/sign-ins')
      await page.getByText('成功').first().waitFor()
      await checkAccessibility(page)
      await shot(page, `sign-ins-${viewport}`)
    } finally {
      await other.close()
    }
  })

  screen('one tap freezes; two factors unfreeze', async ({ page, bank, viewport }) => {
    const person = somebody(viewport === 'phone' ? 28 : 29)
    await signIn(page, bank, person)
    await page.goto('/security/freeze')
    await page.getByRole('heading', { name: '怀疑不安全？先冻结' }).waitFor()
    await checkAccessibility(page)
    await shot(page, `freeze-${viewport}`)
    await page.getByRole('button', { name: '立即冻结' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '立即冻结' }).click()
    await page.getByRole('heading', { name: '已冻结' }).waitFor()
    await checkAccessibility(page)
    await shot(page, `frozen-${viewport}`)
    await page.getByRole('button', { name: '解冻' }).click()
    await prove(page, bank, person)
    await page.getByRole('heading', { name: '怀疑不安全？先冻结' }).waitFor()
  })
}, { args: ['--rate-scale', '50'] })
