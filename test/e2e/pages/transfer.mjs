// The pages on which a person pays somebody.
import { tapPin, typePin } from '../lib/people.mjs'
import { call } from './person.mjs'

/** @param {import('playwright-core').Page} page */
export function transferPages(page) {
  const sheet = name => page.getByRole('dialog', { name })
  const self = {
    payee: page.getByRole('textbox', { name: /收款人账号/ }),
    name: page.getByRole('textbox', { name: /收款人姓名/ }),
    amount: page.getByRole('textbox', { name: '转账金额（元）' }),
    memo: page.getByPlaceholder('附言（选填）'),
    next: page.locator('main button[type=submit]'), // not the pad's key of the same name
    check: sheet('请核对'),
    pin: sheet('请输入支付密码'),
    heading: page.getByRole('main').getByRole('heading').first(),

    /** Chooses whom to pay, by what was typed. */
    async choose(typed, name) {
      await page.goto('/transfer')
      await self.payee.fill(typed)
      if (name !== undefined) await self.name.fill(name)
      await self.next.click()
    },
    /** Opens the form for the first of the payee book: look-ups by phone are counted, and few. */
    async open() {
      await page.goto('/transfer')
      await page.getByRole('list', { name: '收款人名册' }).getByRole('button').first().click()
      await page.waitForURL('**/transfer/fill')
    },
    /** From an empty form to the check sheet: for who is typed, or the first of the payee book. */
    async fill(amount, { memo, arrival, to } = {}) {
      if (to === undefined) await self.open()
      else await self.choose(to)
      await self.amount.fill(amount)
      await self.amount.press('Escape')
      if (arrival !== undefined) await page.getByRole('radio', { name: arrival }).check()
      if (memo !== undefined) await self.memo.fill(memo)
      await self.next.click()
      await self.check.waitFor()
    },
    async confirm() {
      await self.check.getByRole('button', { name: /确认/ }).click()
    },
    /** Types a PIN, as with a keyboard. */
    async type(pin) {
      await self.pin.waitFor()
      await typePin(self.pin, pin)
    },
    /** Taps it on the pad, as a finger does. */
    async tap(pin) {
      await self.pin.waitFor()
      await tapPin(self.pin, pin)
    },
  }
  return self
}

/** How many payments out the bank has booked, held or refused for the person with this memo: what "never twice" is counted by. */
export async function paidWith(page, memo) {
  const { body } = await call(page, 'GET', `/transactions?direction=out&q=${encodeURIComponent(memo)}`)
  return body.items.length
}

/** A memo that no other test writes. */
export const newMemo = () => `试${Math.random().toString(36).slice(2, 8)}`
