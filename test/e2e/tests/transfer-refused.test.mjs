// Every refusal of a payment in plain words, beside what it is about.
import assert from 'node:assert/strict'
import { checkAccessibility } from '../lib/axe.mjs'
import { suite } from '../lib/suite.mjs'
import { enter, ready, somebody } from '../pages/person.mjs'
import { newMemo, paidWith, transferPages } from '../pages/transfer.mjs'

const payee = somebody(1)

suite('transfer, refused', ({ screen }) => {
  screen('compares the name, finds by account, and refuses what is neither', async ({ page, bank }) => {
    await enter(page, bank, ready)
    const pages = transferPages(page)
    await pages.choose('王小明')
    await page.getByText('认不出这是账号、手机号还是收款码').waitFor()
    await pages.choose(payee.phone, '不是他')
    await page.getByText('姓名与收款账户不符').waitFor()
    await pages.choose('13999999999')
    await page.getByText('没有找到收款人').waitFor()
    await checkAccessibility(page)
  })

  screen('says while it is typed what cannot be', async ({ page, bank }) => {
    await enter(page, bank, ready)
    const pages = transferPages(page)
    await pages.open()
    await pages.amount.fill('99999999')
    await page.getByText(/余额不够，可用 ¥/).waitFor()
    await pages.amount.fill('200001')
    await page.getByText(/超过今日限额|余额不够/).waitFor()
    await pages.amount.fill('12.345')
    assert.notEqual(await pages.amount.inputValue(), '12.345')
    await pages.amount.fill('')
    await pages.amount.press('Escape')
    await pages.next.click()
    await page.getByText('请输入金额').waitFor()
    assert.equal(await pages.check.count(), 0)
  })

  screen('counts wrong PINs aloud, then takes the right one', async ({ page, bank }) => {
    await enter(page, bank, ready)
    const pages = transferPages(page)
    const memo = newMemo()
    await pages.fill('3.00', { memo })
    await pages.confirm()
    for (const left of [4, 3, 2]) {
      await pages.type('135790')
      await pages.pin.getByText(`还可尝试 ${left} 次`).waitFor()
    }
    assert.equal(await paidWith(page, memo), 0)
    await pages.type(ready.pin)
    await page.waitForURL('**/transfer/trfr_*')
    assert.equal(await paidWith(page, memo), 1)
  })

  screen('tells when money has gone in the meantime, and pays what can be paid after that', async ({ page, bank }) => {
    await enter(page, bank, ready)
    const pages = transferPages(page)
    await pages.fill('4.00')
    await pages.confirm()
    await page.route('**/api/mobile/v1/transfers', route => route.fulfill(problem('ledger.insufficient_funds', 422, '余额不足')), { times: 1 })
    await pages.type(ready.pin)
    await page.getByRole('heading', { name: '没有转出去' }).waitFor()
    await page.getByText('余额不足').waitFor()
    await page.getByText('代码 ledger.insufficient_funds').waitFor()
    await checkAccessibility(page)
    await page.getByRole('button', { name: '修改后再转' }).click()
    assert.equal(await pages.amount.inputValue(), '4.00')
  })

  screen('checks again what took too long', async ({ page, bank }) => {
    await enter(page, bank, ready)
    const pages = transferPages(page)
    const memo = newMemo()
    await pages.fill('5.00', { memo })
    await pages.confirm()
    await page.route('**/api/mobile/v1/transfers', route => route.fulfill(problem('payment.intent_expired', 409, '核对已过期，请重新核对。')), { times: 1 })
    await pages.type(ready.pin)
    await page.getByText('核对已过期').waitFor()
    await pages.next.click()
    await pages.check.waitFor()
    await pages.confirm()
    await pages.type(ready.pin)
    await page.waitForURL('**/transfer/trfr_*')
    assert.equal(await paidWith(page, memo), 1)
  })

  screen('asks for more when the bank does, and says why', async ({ page, bank }) => {
    await enter(page, bank, ready)
    const pages = transferPages(page)
    await pages.fill('12.00')
    await pages.confirm()
    await page.route('**/api/mobile/v1/transfers', route => route.fulfill(problem('payment.stronger_proof_needed', 401, '为了资金安全，这笔转账需要再验证一次身份。')), { times: 1 })
    await pages.type(ready.pin)
    await pages.check.getByText('需要再验证一次身份').waitFor()
    await pages.check.getByRole('button', { name: '验证身份并确认' }).click()
    await page.getByLabel('密码', { exact: false }).last().waitFor()
    await checkAccessibility(page)
  })
})

const problem = (code, status, title) => ({ status, contentType: 'application/problem+json', body: JSON.stringify({ type: 'about:blank', code, status, title }) })
