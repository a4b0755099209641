import { shallowRef } from 'vue'
import type { RouteLocationRaw } from 'vue-router'
import type { Wire } from './api'

/** What a customer is looked for by. */
export type By = 'contact' | 'idNumber' | 'account' | 'name'
export type Wanted = { by: By; value: string }

/** What is looked for, kept in memory only: an address bar remembers, and this is personal data. */
const wanted = shallowRef<Wanted>()

export function useWanted(): typeof wanted {
  return wanted
}

const pages: Readonly<Record<string, string>> = { cust_: 'customer', trfr_: 'payment', jrnl_: 'journal', acct_: 'ledger-account', glac_: 'ledger-account', stff_: 'member', aprv_: 'approval' }

/** What somebody means by what he typed into the one field that finds everything: an id, or something of a person. */
export function meaning(typed: string): { page: RouteLocationRaw } | { customer: Wanted } | undefined {
  const text = typed.normalize('NFKC').trim()
  if (text === '') return undefined
  const page = pages[text.slice(0, 5)]
  if (page !== undefined) return { page: { name: page, params: { id: text } } }
  const digits = text.replace(/[\s-]/g, '')
  if (text.includes('@') || /^\+\d+$/.test(digits) || /^1\d{10}$/.test(digits)) return { customer: { by: 'contact', value: text.includes('@') ? text : digits } }
  if (/^\d{17}[\dXx]$/.test(digits)) return { customer: { by: 'idNumber', value: digits.toUpperCase() } }
  if (/^\d{12,30}$/.test(digits)) return { customer: { by: 'account', value: digits } }
  return { customer: { by: 'name', value: text } }
}

/** The question as the bank takes it. */
export function searchOf({ by, value }: Wanted): Wire<'CustomerSearch'> {
  return { [by]: value }
}
