// The counter: a teller takes a till, registers a person, verifies him, and serves him with the keyboard; the app shows the same.
import assert from 'node:assert/strict'
import { checkAccessibility } from '../lib/axe.mjs'
import { oneTimeCode } from '../lib/inbox.mjs'
import { openPage } from '../lib/browser.mjs'
import { newcomer } from '../lib/people.mjs'
import { picture } from '../lib/picture.mjs'
import { draw, shot } from '../lib/shot.mjs'
import { suite } from '../lib/suite.mjs'
import { call, enter, ready } from '../pages/person.mjs'
import { colleague, mustConsole, work } from '../pages/staff.mjs'

suite('console counter', ({ screen }) => {
  screen('takes a till, registers somebody, and serves him', { app: 'console', sizes: ['desktop', 'laptop'] }, async ({ page, bank, browser, viewport }) => {
    const person = newcomer()
    const payee = await numberOf(browser, bank)
    await work(page, bank, colleague(bank, 'operations'), '/counter')
    await page.getByRole('heading', { name: '柜面', level: 1 }).waitFor()
    const name = viewport === 'desktop' ? '一号箱' : '二号箱'
    await page.getByLabel('名称').fill(name)
    await page.getByRole('button', { name: '设立' }).click()
    await page.getByRole('link', { name }).waitFor()

    const at = await openPage(browser, bank, { app: 'console', viewport })
    const desk = at.page
    try {
      await work(desk, bank, colleague(bank, 'teller'), '/counter')
      const row = desk.getByRole('row').filter({ hasText: name })
      await row.getByText('先盘点').waitFor() // a teller does not see what should be in it
      await row.getByRole('button', { name: '领用' }).click()
      const counting = desk.getByRole('dialog')
      await counting.getByLabel('¥100.00').fill('10')
      await counting.getByText('壹仟元整').waitFor()
      await checkAccessibility(desk)
      await shot(desk, `console-till-${viewport}`)
      await counting.getByRole('button', { name: '领用', exact: true }).click()
      await desk.getByText('长款，已记账').waitFor() // ten notes that nobody had booked

      await desk.keyboard.press('n')
      await desk.waitForURL('**/counter/register')
      await desk.getByLabel('手机号').fill(person.phone)
      await desk.keyboard.press('Enter')
      await desk.getByText(/已发送到/).waitFor()
      await desk.getByLabel('客户收到的验证码').fill(await oneTimeCode(bank, person.phone))
      await desk.getByLabel(/用户服务协议/).check()
      await desk.getByLabel(/个人信息保护政策/).check()
      await desk.getByLabel('登录密码').fill(person.password)
      await checkAccessibility(desk)
      await shot(desk, `console-register-${viewport}`)
      await desk.getByRole('button', { name: '登记新客户' }).click()
      await desk.waitForURL('**/counter/customers/cust_*')

      await desk.getByLabel('证件姓名').fill(person.name)
      await desk.getByLabel('证件号码').fill(person.idNumber)
      await desk.getByLabel('人像面').setInputFiles(picture('front'))
      await desk.getByLabel('国徽面').setInputFiles(picture('back'))
      await desk.getByRole('button', { name: '提交核对' }).click()
      await desk.getByRole('heading', { name: '核验本人', exact: true }).waitFor()
      await desk.getByLabel('证件姓名').fill(person.name)
      await desk.getByLabel('证件号码').fill(person.idNumber)
      await desk.getByRole('button', { name: '确认核验' }).click()
      await desk.getByRole('alert').filter({ hasText: '比对' }).waitFor()
      await desk.getByLabel('本人与证件照片一致').check()
      await desk.getByRole('button', { name: '确认核验' }).click()
      await desk.getByText(/已核验/).waitFor()

      await desk.getByRole('button', { name: '开立账户', exact: true }).last().click()
      await desk.getByText('已办理').first().waitFor()
      await desk.locator('h1').click() // away from the form: figures choose again
      await desk.keyboard.press('5')
      await desk.getByLabel('新的支付密码').fill(person.pin)
      await desk.getByLabel('再输一次').fill(person.pin)
      await desk.keyboard.press('Enter')
      await desk.getByText('已办理').first().waitFor()

      await desk.locator('h1').click()
      await desk.keyboard.press('1')
      await desk.getByLabel('¥100.00').fill('5')
      await desk.getByRole('button', { name: '存入现金', exact: true }).last().click()
      await desk.getByRole('button', { name: '打印回单' }).waitFor()
      const saved = desk.waitForEvent('download')
      await desk.getByRole('button', { name: '打印回单' }).click()
      assert.match((await saved).suggestedFilename(), /^cash_.*\.pdf$/)
      await checkAccessibility(desk)
      await shot(desk, `console-counter-${viewport}`)

      await desk.locator('h1').click()
      await desk.keyboard.press('2')
      await desk.getByLabel('¥100.00').fill('1')
      await desk.getByLabel('支付密码').fill('111111')
      await desk.getByRole('button', { name: '支取现金', exact: true }).last().click()
      await desk.getByRole('alert').filter({ hasText: 'PIN' }).or(desk.getByRole('alert').filter({ hasText: '密码' })).waitFor()
      await desk.getByLabel('支付密码').fill(person.pin)
      await desk.keyboard.press('Enter')
      await desk.getByText('已办理').first().waitFor()

      await desk.locator('h1').click()
      await desk.keyboard.press('3')
      await desk.getByLabel('收款账号').fill(payee)
      await desk.getByLabel('收款人姓名').fill(ready.name)
      await desk.getByLabel('金额').fill('88.80')
      await desk.keyboard.press('Enter')
      await desk.getByText('捌拾捌元捌角整').waitFor()
      await shot(desk, `console-counter-check-${viewport}`)
      await desk.getByLabel('支付密码').fill(person.pin)
      await desk.keyboard.press('Enter')
      await desk.getByText('已办理').first().waitFor()
      await desk.getByText('311.20').first().waitFor() // 500 in, 100 out, 88.80 sent

      await desk.goto('/counter')
      await desk.getByRole('row').filter({ hasText: name }).getByRole('button', { name: '缴箱' }).click()
      await desk.getByRole('dialog').getByLabel('¥100.00').fill('14')
      await desk.getByRole('dialog').getByRole('button', { name: '缴箱', exact: true }).click()
      await desk.getByText('账实相符').waitFor()
      at.watcher.check()
    } catch (error) {
      await draw(desk, `failed-desk-${viewport}`).catch(() => {})
      throw error
    } finally {
      await at.context.close()
    }
    await page.reload()
    await page.getByRole('row').filter({ hasText: name }).getByText('1,400').waitFor() // operations see what a till holds
  })
}, { args: ['--rate-scale', '50'] })

const numbers = new Map()

/** The account number of the person whom every demo bank has. */
async function numberOf(browser, bank) {
  const kept = numbers.get(bank.mobile)
  if (kept !== undefined) return kept
  const { page, context } = await openPage(browser, bank, { app: 'mobile' })
  try {
    await enter(page, bank, ready)
    const { body } = await call(page, 'GET', '/accounts')
    const { number } = body.items[0]
    assert.ok(number, `a number in ${JSON.stringify(body)}`)
    numbers.set(bank.mobile, number)
    return number
  } finally {
    await context.close()
  }
}
