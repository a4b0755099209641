import type { Intent, Method } from './draft'

/** What a person has to prove a payment with, on this device. */
export type Means = { pin: boolean; passkey: boolean }

/** The ways that the bank takes and the person has, the easiest first. */
export function proofsFor({ proofs }: Pick<Intent, 'proofs'>, means: Means): Method[] {
  return proofs.filter((method) => (method === 'passkey' ? means.passkey : method === 'none' || means.pin))
}

/** How the large button of the check sheet proves it; undefined when the person has nothing that the bank takes. */
export function primaryProof(intent: Pick<Intent, 'proofs'>, means: Means): Method | undefined {
  return proofsFor(intent, means)[0]
}
