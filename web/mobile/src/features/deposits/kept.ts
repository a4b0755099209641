import { newKey } from '@shared/api/client'
import type { Quote } from './deposit'

/** What a form holds while it is filled in: words and switches, so that it survives a reload as it is. */
export type Form = Record<string, string | boolean>

/**
 * What an act is until its result is known: the key, made when the form opens, under which the bank does it once; what is filled
 * in; and the quote that was sent. Kept for the tab, form by form, so that a reload or a lost page asks for the truth instead of
 * doing it again.
 */
export type Kept<F extends Form> = { customer: string; key: string; form: F; sent: Quote | undefined }

const place = (name: string) => `tongbao.deposit.${name}`

/** A form that opens: as it is empty, and with a key of its own. */
export function begin<F extends Form>(customer: string, empty: F): Kept<F> {
  return { customer, key: newKey(), form: { ...empty }, sent: undefined }
}

/** What this tab keeps of the form, if it is this customer's and has the form's fields; else one that begins. */
export function recall<F extends Form>(customer: string, name: string, empty: F): Kept<F> {
  try {
    const stored: unknown = JSON.parse(sessionStorage.getItem(place(name)) ?? 'null')
    return isKept(stored, empty) && stored.customer === customer ? stored : begin(customer, empty)
  } catch {
    return begin(customer, empty)
  }
}

export function keep<F extends Form>(name: string, kept: Kept<F>): void {
  sessionStorage.setItem(place(name), JSON.stringify(kept))
}

/** Called when the result is known, and never before. */
export function drop(name: string): void {
  sessionStorage.removeItem(place(name))
}

/** Only this file writes there, but maybe that of an older version: another shape is passed over. */
function isKept<F extends Form>(value: unknown, empty: F): value is Kept<F> {
  if (typeof value !== 'object' || value === null || !('customer' in value && 'key' in value && 'form' in value)) return false
  const { key, form } = value
  if (typeof key !== 'string' || typeof form !== 'object' || form === null) return false
  const fields = new Map(Object.entries(form))
  return Object.entries(empty).every(([field, one]) => typeof fields.get(field) === typeof one)
}
