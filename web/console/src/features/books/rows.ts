import type { Wire } from '@console/api'

/** Positions of a part of a statement as rows of a file. */
export function rowsOf(currency: string, part: string, all: readonly Wire<'BookPosition'>[]): string[][] {
  return all.map(({ heading, amount }) => [currency, part, heading.code, heading.title, amount.amount])
}
