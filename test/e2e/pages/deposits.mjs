// The pages on which a person saves.
import { call } from './person.mjs'

/** @param {import('playwright-core').Page} page */
export function depositPages(page) {
  const sheet = name => page.getByRole('dialog', { name })
  const self = {
    next: page.locator('main button[type=submit]'), // not the pad's key of the same name
    check: sheet('请核对'),
    pin: sheet('请输入支付密码'),

    /** Types an amount, and puts the pad away. */
    async amount(label, sum) {
      const field = page.getByRole('textbox', { name: label })
      await field.fill(sum)
      await field.press('Escape')
    },
    async confirm() {
      await self.check.getByRole('button', { name: /^确认/ }).click()
    },
    /** Types a PIN on the pad, as a finger does. */
    async type(pin) {
      await self.pin.waitFor()
      for (const digit of pin) await self.pin.getByRole('button', { name: digit, exact: true }).click()
    },
    /** From a form that is filled in to its result. */
    async through(pin, heading) {
      await self.next.click()
      await self.check.waitFor()
      await self.confirm()
      await self.type(pin)
      await page.getByRole('heading', { name: heading }).waitFor()
    },
    /** The person's open deposit of a product, the newest. */
    async held(product) {
      const { body } = await call(page, 'GET', '/deposits')
      return body.items.find(one => one.productCode === product && one.state === 'open')
    },
    /** How many deposits of a product the person has ever opened: what "never twice" is counted by. */
    async count(product) {
      const { body } = await call(page, 'GET', '/deposits')
      return body.items.filter(one => one.productCode === product).length
    },
  }
  return self
}
