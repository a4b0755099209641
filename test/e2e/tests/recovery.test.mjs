// Ways back in: a forgotten PIN, a forgotten password. Document and face replace what is gone.
import { checkAccessibility } from '../lib/axe.mjs'
import { oneTimeCode } from '../lib/inbox.mjs'
import { photograph, typeCode, typePin } from '../lib/people.mjs'
import { picture } from '../lib/picture.mjs'
import { customer, identify } from '../lib/recovery.mjs'
import { shot } from '../lib/shot.mjs'
import { suite } from '../lib/suite.mjs'
import { open } from '../pages/person.mjs'

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
}, { args: ['--rate-scale', '50'] })
