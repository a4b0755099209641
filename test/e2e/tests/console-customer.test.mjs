// A customer is found by something whole, shown masked, and a field only for a reason; cases of verification are decided.
import assert from 'node:assert/strict'
import { must } from '../lib/api.mjs'
import { checkAccessibility } from '../lib/axe.mjs'
import { openPage } from '../lib/browser.mjs'
import { become, newcomer } from '../lib/people.mjs'
import { shot } from '../lib/shot.mjs'
import { suite } from '../lib/suite.mjs'
import { ready } from '../pages/person.mjs'
import { colleague, mustConsole, work } from '../pages/staff.mjs'

const sizes = ['desktop', 'laptop']

suite('console customers', ({ screen }) => {
  screen('are found by phone and shown masked; a field is revealed for a reason', { app: 'console', sizes }, async ({ page, bank, viewport }) => {
    await work(page, bank, colleague(bank, 'operations'))
    await page.getByRole('heading', { name: '今日', level: 1 }).waitFor()
    await page.keyboard.press('/')
    await page.keyboard.type(ready.phone)
    await page.keyboard.press('Enter')
    await page.waitForURL('**/customers')
    assert.doesNotMatch(page.url(), /139/, 'a phone number does not stand in an address')
    const found = page.getByRole('region', { name: '客户' }).getByRole('link').first()
    await found.waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/customers/cust_*')
    await page.getByRole('heading', { name: '账户', exact: true }).waitFor()
    assert.equal(await page.getByText(ready.phone).count(), 0, 'the phone number is masked')
    await checkAccessibility(page)
    await shot(page, `console-customer-${viewport}`)

    await page.getByRole('button', { name: '显示资料' }).click()
    const dialog = page.getByRole('dialog', { name: '显示资料' })
    await dialog.getByText(/今天还可以查看 \d+ 项/).waitFor()
    await dialog.getByLabel('哪一项').selectOption({ label: '手机' })
    await dialog.getByRole('button', { name: '显示' }).click()
    await dialog.getByRole('alert').filter({ hasText: '至少' }).waitFor()
    await dialog.getByLabel('理由').fill('客户来电核对号码')
    await page.mouse.move(0, 0)
    await checkAccessibility(page)
    await dialog.getByRole('button', { name: '显示' }).click()
    await page.getByText(ready.phone).first().waitFor()
    await page.reload()
    await page.getByRole('heading', { name: '账户', exact: true }).waitFor()
    assert.equal(await page.getByText(ready.phone).count(), 0, 'what was revealed is not kept')
  })

  screen('a case of verification is opened, compared and decided with a reason', { app: 'console', sizes }, async ({ page, bank, browser, viewport }) => {
    const person = await waits(browser, bank)
    await work(page, bank, colleague(bank, 'operations'))
    for (let tries = 0; tries < 100 && (await mustConsole(page.context(), 'GET', '/verifications')).items.length === 0; tries++) await page.waitForTimeout(100)
    await page.goto('/verifications')
    await page.getByRole('region', { name: '身份核验' }).getByRole('link', { name: /^20/ }).first().click()
    await page.waitForURL('**/verifications/verf_*')
    await page.getByText(person.idNumber).first().waitFor()
    await checkAccessibility(page)
    await shot(page, `console-verification-${viewport}`)
    const agree = viewport === 'desktop'
    await page.getByRole('button', { name: agree ? '通过' : '不通过', exact: true }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('理由').fill(agree ? '姓名与号码一致' : '号码与姓名不符')
    await dialog.getByRole('button', { name: agree ? '通过' : '不通过', exact: true }).click()
    await page.waitForURL(url => url.pathname === '/verifications')
    await page.getByText('没有等待核验的人').waitFor()
  })
}, { args: ['--rate-scale', '50'] })

/** Somebody whose verification a person at the bank must decide: the simulator's serial 984. */
async function waits(browser, bank) {
  const person = newcomer()
  const digits = `${person.idNumber.slice(0, 14)}984`
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  person.idNumber = digits + '10X98765432'[weights.reduce((sum, weight, index) => sum + weight * Number(digits[index]), 0) % 11]
  const { context } = await openPage(browser, bank, { app: 'mobile' })
  try {
    await become(context, bank, person)
    await must(context, 'POST', '/verification', { data: { name: person.name, idNumber: person.idNumber } })
    await must(context, 'POST', '/verification/submit')
  } finally {
    await context.close()
  }
  return person
}
