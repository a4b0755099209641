/** A phone number in E.164, or a mail address. */
export type ContactKind = 'phone' | 'email'

/** Whether a contact can be one; the bank knows which numbers really exist. */
export function isContact(kind: ContactKind, value: string): boolean {
  if (kind === 'email') return /^[^\s@]+@[^\s@]+\.[^\s@]{2,}$/.test(value.trim())
  return value.startsWith('+86') ? /^\+861[3-9]\d{9}$/.test(value) : /^\+\d{8,15}$/.test(value)
}

/** The kind of what was typed into one field for both. */
export function kindOf(value: string): ContactKind {
  return value.includes('@') ? 'email' : 'phone'
}

/** As the bank's requests name it. */
export function contactBody(kind: ContactKind, value: string): { phone: string } | { email: string } {
  return kind === 'phone' ? { phone: value } : { email: value.trim() }
}
