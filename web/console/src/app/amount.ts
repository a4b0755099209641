import { minorOf, type Money } from '@shared/values/money'

const typed = /^\d{1,13}(\.\d{1,2})?$/

/** What was typed as yuan; undefined when it is no amount above zero. */
export function amountOf(text: string): Money | undefined {
  const amount = text.replace(/[\s,，]/g, '')
  const money = { amount, currency: 'CNY' }
  return typed.test(amount) && minorOf(money) > 0n ? money : undefined
}
