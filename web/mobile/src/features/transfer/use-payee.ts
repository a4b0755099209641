import { api } from '@app/api'
import { useSession } from '@app/session'
import { ask } from '@shared/api/client'
import type { components } from '@shared/api/mobile'
import { useAct, type Act } from '@shared/use/act'
import { useLoad, type Load } from '@shared/use/load'
import type { RouteLocationRaw } from 'vue-router'
import { accountName, type Account } from '../accounts/account'
import { begin, keep, recall, type Draft, type Payee, type PayeeRef } from './draft'

type Saved = components['schemas']['Payee']

type Known = { payees: readonly Saved[]; own: readonly Account[] }

export type Choosing = Load<Known> & {
  /** Asks the bank who it is and puts them into the form. */
  resolve: Act<[ref: PayeeRef, name: string], true>
  saved: (payee: Saved, change?: Partial<Draft>) => void
  own: (account: Account) => void
}

/** The form of a payment, for pages that lead to it. */
export function useForm(): { pending: () => boolean; renew: () => void; change: (change: Partial<Draft>) => void } {
  const session = useSession()
  const customer = () => (session.value.status === 'in' ? session.value.session.customer : '')
  const read = () => recall(customer())
  return {
    /** Something was sent whose result is not known: the form shows that first. */
    pending: () => read().sent !== undefined,
    /** Begins a payment anew: what was typed into one that was left is not carried into the next. */
    renew: () => {
      if (read().sent === undefined) keep(begin(customer()))
    },
    change: (change) => {
      const kept = read()
      if (kept.sent === undefined) keep({ ...kept, draft: { ...kept.draft, ...change } })
    },
  }
}

/** Behaves the choice of a payee: from the book, one's own accounts, or by what was typed. */
export function useChoosing(done: () => void): Choosing {
  const form = useForm()
  const load = useLoad<Known>(async (signal) => {
    const [payees, accounts] = await Promise.all([ask(api.GET('/payees', { signal })), ask(api.GET('/accounts', { signal }))])
    return { payees: payees.items, own: accounts.items.filter(({ state, currency }) => state === 'open' && currency === 'CNY') }
  })
  function take(payee: Payee, change: Partial<Draft> = {}): void {
    form.change({ ...change, payee })
    done()
  }
  return {
    ...load,
    resolve: useAct(async (ref: PayeeRef, typed: string) => {
      const name = typed.trim()
      const { name: masked, account } = await ask(api.POST('/payees/resolve', { body: { payee: ref, ...(name === '' ? {} : { name }) } }))
      take({ ref, name: masked, account, checked: name !== '', own: false })
      return true as const
    }),
    saved: ({ id, name, account }, change) => take({ ref: { payeeId: id }, name, account, checked: true, own: false }, change),
    own: (account) => take({ ref: { accountNumber: account.number }, name: accountName(account), account: account.maskedNumber, checked: true, own: true }),
  }
}

/** Where a payment to somebody of the book begins. */
export function toPayee(id: string): RouteLocationRaw {
  return { name: 'transfer', query: { payee: id } }
}
