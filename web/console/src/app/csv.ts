import { saveFile } from '@shared/use/save-file'

/** A cell that a spreadsheet would read as a formula is made text. */
const formula = /^[=+@\t\r]|^-(?![\d.])/

function cell(value: string): string {
  const safe = formula.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** A table as CSV (RFC 4180), with the mark by which spreadsheets know UTF-8. */
export function csvOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return `\uFEFF${[head, ...rows].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`
}

/** Saves a table as a file of this device. */
export function saveCsv(name: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  saveFile(new Blob([csvOf(head, rows)], { type: 'text/csv;charset=utf-8' }), `${name}.csv`)
}
