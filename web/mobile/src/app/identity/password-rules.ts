/** What a new password has to be, as far as the app can tell while it is typed; the bank also knows the common ones. */
export type PasswordRule = 'length' | 'mixed' | 'personal'

const least = 8
const passphrase = 16
const differentLeast = 5
const personalLeast = 4

/** The rules in the order in which they are shown, and which of them hold. `own` are texts of the person, such as the phone number. */
export function judgePassword(password: string, own: readonly string[]): { rule: PasswordRule; holds: boolean }[] {
  const text = password.normalize('NFKC')
  const letters = [...text]
  return [
    { rule: 'length', holds: letters.length >= least },
    { rule: 'mixed', holds: new Set(letters).size >= differentLeast && (letters.length >= passphrase || kinds(text) >= 2) && !isRun(letters) },
    { rule: 'personal', holds: text !== '' && !own.some((part) => holdsPersonal(text.toLowerCase(), part.toLowerCase())) },
  ]
}

function kinds(text: string): number {
  return [/\p{Ll}/u, /\p{Lu}/u, /\p{Lo}/u, /\p{Nd}/u, /[^\p{L}\p{Nd}]/u].filter((kind) => kind.test(text)).length
}

/** Nearly all characters follow each other: abcdef12345. */
function isRun(letters: readonly string[]): boolean {
  let breaks = 0
  letters.forEach((letter, index) => {
    if (index === 0) return
    const step = (letter.codePointAt(0) ?? 0) - (letters[index - 1]?.codePointAt(0) ?? 0)
    if (Math.abs(step) > 1) breaks++
  })
  return breaks <= 2
}

function holdsPersonal(text: string, own: string): boolean {
  const parts = [own, own.split('@')[0] ?? '', own.replace(/^\+(86)?/, '')]
  return parts.some((part) => part.length >= personalLeast && text.includes(part))
}
