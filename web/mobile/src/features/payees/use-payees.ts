import { api } from '@app/api'
import { ask } from '@shared/api/client'
import type { components } from '@shared/api/mobile'
import { useAct, type Act } from '@shared/use/act'
import { useLoad, type Load } from '@shared/use/load'
import type { PayeeRef } from '../transfer/draft'

export type Payee = components['schemas']['Payee']

/** The payees whose name, nickname or account holds what was typed. */
export function matching(all: readonly Payee[], typed: string): readonly Payee[] {
  const part = typed.normalize('NFKC').trim().toLowerCase()
  if (part === '') return all
  return all.filter(({ name, nickname = '', account }) => [name, nickname, account, account.replaceAll(' ', '')].some((one) => one.toLowerCase().includes(part)))
}

export type Book = Load<readonly Payee[]> & { rename: Act<[id: string, nickname: string], true>; remove: Act<[id: string], true> }

/** The book, and the acts on those in it. */
export function useBook(): Book {
  const load = useLoad<readonly Payee[]>(async (signal) => (await ask(api.GET('/payees', { signal }))).items)
  const change = (to: (all: readonly Payee[]) => Payee[]) => {
    if (load.state.value.status === 'ready') load.put(to(load.state.value.data))
  }
  return {
    ...load,
    rename: useAct(async (id: string, nickname: string) => {
      await ask(api.PATCH('/payees/{id}', { params: { path: { id } }, body: { nickname } }))
      change((all) => all.map((one) => (one.id === id ? { ...one, nickname } : one)))
      return true as const
    }),
    remove: useAct(async (id: string) => {
      await ask(api.DELETE('/payees/{id}', { params: { path: { id } } }))
      change((all) => all.filter((one) => one.id !== id))
      return true as const
    }),
  }
}

/** Puts somebody into the book. */
export function addPayee(payee: PayeeRef, name: string, nickname: string): Promise<Payee> {
  return ask(api.POST('/payees', { body: { payee, ...(name === '' ? {} : { name }), ...(nickname === '' ? {} : { nickname }) } }))
}
