/** Why an ID number (GB 11643) cannot be right. */
export type IdNumberError = 'empty' | 'form' | 'birth' | 'check'

const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
const checks = '10X98765432'

/** Drops spaces, reads full-width digits, and writes the last x as X. */
export function cleanIdNumber(text: string): string {
  return text.normalize('NFKC').replace(/\s/g, '').toUpperCase().slice(0, 18)
}

/** Finds typing errors while the person still has the card in the hand; undefined when there are none. */
export function idNumberError(number: string): IdNumberError | undefined {
  if (number === '') return 'empty'
  if (!/^\d{17}[\dX]$/.test(number)) return 'form'
  if (!isDay(number.slice(6, 14))) return 'birth'
  const sum = weights.reduce((total, weight, index) => total + weight * Number(number[index]), 0)
  return checks[sum % 11] === number[17] ? undefined : 'check'
}

function isDay(digits: string): boolean {
  const text = `${digits.slice(0, 4)}-${digits.slice(4, 6)}-${digits.slice(6)}`
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text) && day.getTime() < Date.now()
}

/** 110101 1990 0307 0070: the parts that people compare with the card. */
export function groupIdNumber(number: string): string {
  return [number.slice(0, 6), number.slice(6, 10), number.slice(10, 14), number.slice(14)].filter(Boolean).join(' ')
}
