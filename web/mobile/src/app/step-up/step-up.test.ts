import { expect, test } from 'vitest'
import { useAsked, useStepUp } from './index'
import { waysFor } from './ways'

test('who turns back gives no proof, and a second question ends the first', async () => {
  const { prove } = useStepUp()
  const asked = useAsked()
  const first = prove('limits.raise')
  const second = prove('pin.change')
  expect(await first).toBeUndefined()
  expect(asked.value?.purpose).toBe('pin.change')
  asked.value?.answer('proof')
  expect(await second).toBe('proof')
  expect(asked.value).toBeUndefined()
})

test.each([
  ['limits.raise', { passkey: false, pin: true }, ['password']],
  ['limits.raise', { passkey: true, pin: true }, ['passkey', 'password']],
  ['customer.unfreeze', { passkey: false, pin: true }, ['password_and_code']],
  ['passkeys.change', { passkey: true, pin: false }, ['passkey', 'password_and_code']],
  ['pin.change', { passkey: false, pin: true }, ['pin', 'password_and_code']],
  ['pin.change', { passkey: false, pin: false }, ['password']],
] as const)('%s with %o is proved by %j', (purpose, means, ways) => {
  expect(waysFor(purpose, means)).toEqual(ways)
})
