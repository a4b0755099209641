import { expect, test } from 'vitest'
import { problemOf } from './problem'
import { askPasskey, decode, encode } from './passkey'

test('bytes are written as base64url and read back', () => {
  const bytes = Uint8Array.from([0, 62, 63, 250, 251, 255])
  expect(encode(bytes.buffer)).toBe('AD4_-vv_')
  expect([...decode('AD4_-vv_')]).toEqual([...bytes])
})

test('a browser without passkeys says so', async () => {
  const asked = askPasskey({ challengeId: 'c', options: { publicKey: { challenge: 'AAAA' } } })
  await expect(asked.catch((thrown: unknown) => problemOf(thrown).code)).resolves.toBe('client.passkey_missing')
})

test('options that are none are unreadable', async () => {
  const asked = askPasskey({ challengeId: 'c', options: {} })
  await expect(asked.catch((thrown: unknown) => problemOf(thrown).code)).resolves.toBe('client.unreadable')
})
