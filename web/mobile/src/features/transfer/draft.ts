import { newKey } from '@shared/api/client'
import type { components } from '@shared/api/mobile'

type Schemas = components['schemas']
export type Intent = Schemas['Intent']
export type Transfer = Schemas['Transfer']
export type Arrival = Schemas['Draft']['arrival']
export type Method = Schemas['IntentProof']['method']
export type PayeeRef = Schemas['PayeeRef']

/** Who is paid: how the bank finds them, and what it said of them, masked. `checked`: the real name was compared. `own`: another account of the payer. */
export type Payee = { ref: PayeeRef; name: string; account: string; checked: boolean; own: boolean }

/** A payment that is being filled in. The amount is what was typed. */
export type Draft = { payee: Payee | undefined; from: string | undefined; amount: string; arrival: Arrival; memo: string }

/** A payment that was handed to the bank, and whose result is not known yet. */
export type Sent = { intent: Intent; method: Method }

/**
 * What a payment is until its result is known: the key, made when the form opens, under which the bank does it once; what is filled in;
 * and what was sent. Kept for the tab, so that a reload or a lost page asks for the truth instead of paying again.
 */
export type Kept = { customer: string; key: string; draft: Draft; sent: Sent | undefined }

const place = 'tongbao.transfer'
const emptyDraft: Draft = { payee: undefined, from: undefined, amount: '', arrival: 'real_time', memo: '' }

/** A form that opens: nothing filled in, and a key of its own. */
export function begin(customer: string): Kept {
  return { customer, key: newKey(), draft: emptyDraft, sent: undefined }
}

/** The payment that this tab was about, if it is this customer's; else one that begins. */
export function recall(customer: string): Kept {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(place) ?? 'null')
    // Only this file writes there; a record of another form or person is passed over.
    return isKept(stored) && stored.customer === customer ? stored : begin(customer)
  } catch {
    return begin(customer)
  }
}

export function keep(kept: Kept): void {
  sessionStorage.setItem(place, JSON.stringify(kept))
}

/** Called when the result is known, and never before. */
export function drop(): void {
  sessionStorage.removeItem(place)
}

function isKept(value: unknown): value is Kept {
  return typeof value === 'object' && value !== null && 'customer' in value && 'key' in value && 'draft' in value && typeof value.key === 'string'
}

/**
 * Reads what was typed or pasted as a payee: a mobile number, an account number, or what a QR code of the bank says.
 * Undefined when it is none of them.
 */
export function payeeOf(typed: string): PayeeRef | undefined {
  const plain = typed.normalize('NFKC').trim()
  const digits = plain.replace(/[\s-]/g, '')
  if (/^(\+?86)?1\d{10}$/.test(digits)) return { phone: digits.slice(-11) }
  if (/^\d{12,19}$/.test(digits)) return { accountNumber: digits }
  return /\/pay\/[\w-]+$/.test(plain) ? { qr: plain } : undefined
}
