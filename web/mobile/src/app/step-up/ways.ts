import type { Purpose } from './index'

/** How a person can prove themselves: the bank knows more methods, but a code alone never suffices. */
export type Way = 'passkey' | 'pin' | 'password' | 'password_and_code'

/** What this person, on this device, has to prove themselves with. */
export type Means = { passkey: boolean; pin: boolean }

const either = ['passkey', 'password'] as const
const twoFactors = ['passkey', 'password_and_code'] as const

/** The ways that the bank takes for each act, the easiest first. It decides; this keeps people from trying in vain. */
const taken: Record<Purpose, readonly Way[]> = {
  'password.change': either,
  'pin.change': ['passkey', 'pin', 'password_and_code'],
  'phone.change': twoFactors,
  'email.change': twoFactors,
  'passkeys.change': twoFactors,
  'customer.unfreeze': twoFactors,
  'customer.close': twoFactors,
  'customer.export': twoFactors,
  'limits.raise': either,
  'account.resume': either,
  'payment.send': twoFactors,
}

/** The ways open to a person; never empty, because everyone has a password. */
export function waysFor(purpose: Purpose, means: Means): Way[] {
  // The first PIN replaces nothing: a password vouches for it.
  const all = purpose === 'pin.change' && !means.pin ? either : taken[purpose]
  return all.filter((way) => (way === 'passkey' ? means.passkey : way === 'pin' ? means.pin : true))
}
