import { api, type Wire } from '@console/api'
import { ask, newKey, onceOnly } from '@shared/api/client'
import { useAct, type Act } from '@shared/use/act'
import type { Money } from '@shared/values/money'

/** What staff ask to be done about a customer or an account of his, with what it takes. */
export type Wish =
  | { kind: 'limits'; single: Money; daily: Money }
  | { kind: 'export'; authority: string; reference: string }
  | { kind: 'name'; name: string; document: string }
  | { kind: 'restrain'; account: string; restraint: Wire<'RestraintOrder'>['kind']; amount?: Money | undefined; authority: string; reference: string; until?: string | undefined }
  | { kind: 'lift'; account: string; restraint: string; reference: string }

export type WishKind = Wish['kind']

/** The permission that each wants. */
export const needs: Readonly<Record<WishKind, string>> = {
  limits: 'deposit.raise_limit', export: 'customer.export', name: 'customer.rename', restrain: 'deposit.restrain', lift: 'deposit.thaw',
}

/** Asks for one of them, once however often it is sent; a new wish has a new key. */
export function useAsk(id: string): Act<[Wish, string], Wire<'Request'>> {
  let key = newKey()
  let asked = ''
  return useAct(async (wish: Wish, reason: string) => {
    const now = JSON.stringify([wish, reason])
    if (now !== asked) key = newKey()
    asked = now
    const of = (which: string) => ({ params: { path: { id: which }, header: onceOnly(key) } })
    switch (wish.kind) {
      case 'limits': return ask(api.POST('/customers/{id}/limits', { ...of(id), body: { single: wish.single, daily: wish.daily, reason } }))
      case 'export': return ask(api.POST('/customers/{id}/exports', { ...of(id), body: { authority: wish.authority, reference: wish.reference, reason } }))
      case 'name': return ask(api.POST('/customers/{id}/name', { ...of(id), body: { name: wish.name, document: wish.document, reason } }))
      case 'restrain': return ask(api.POST('/accounts/{id}/restraints', { ...of(wish.account), body: {
        kind: wish.restraint, authority: wish.authority, reference: wish.reference, reason,
        ...(wish.amount === undefined ? {} : { amount: wish.amount }), ...(wish.until === undefined ? {} : { until: wish.until }),
      } }))
      case 'lift': return ask(api.POST('/accounts/{id}/restraints/end', { ...of(wish.account), body: { restraint: wish.restraint, reference: wish.reference, reason } }))
    }
  })
}
