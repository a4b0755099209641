import { expect, test } from 'vitest'
import { primaryProof, proofsFor } from './proof'

const both = { pin: true, passkey: true }

test.each([
  ['a small payment needs nothing', ['none', 'pin', 'passkey'], both, 'none'],
  ['a PIN is the usual way', ['pin', 'passkey'], both, 'pin'],
  ['a passkey serves who has no PIN', ['pin', 'passkey'], { pin: false, passkey: true }, 'passkey'],
  ['a stronger proof is a passkey where there is one', ['passkey', 'pin_and_step_up'], both, 'passkey'],
  ['else PIN and step-up', ['passkey', 'pin_and_step_up'], { pin: true, passkey: false }, 'pin_and_step_up'],
  ['nothing, when the person has nothing', ['passkey', 'pin_and_step_up'], { pin: false, passkey: false }, undefined],
] as const)('%s', (_, proofs, means, want) => {
  expect(primaryProof({ proofs: [...proofs] }, means)).toBe(want)
})

test('no way is offered that the bank does not take', () => {
  expect(proofsFor({ proofs: ['pin'] }, both)).toEqual(['pin'])
})
