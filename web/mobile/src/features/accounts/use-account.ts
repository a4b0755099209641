import { api } from '@app/api'
import { useStepUp } from '@app/step-up'
import { ask, newKey, onceOnly, provenBy } from '@shared/api/client'
import { useAct, type Act } from '@shared/use/act'
import { useLoad, type Load } from '@shared/use/load'
import { computed } from 'vue'
import type { Account } from './account'

export type AccountActs = Load<Account> & {
  rename: Act<[nickname: string], Account>
  stop: Act<[], Account>
  /** Asks the person for a proof first; undefined when they turned back. */
  resume: Act<[], Account | undefined>
  close: Act<[], Account>
}

/** One account and the acts on it; each act's answer is the account as it then is. */
export function useAccount(id: () => string): AccountActs {
  const load = useLoad((signal) => ask(api.GET('/accounts/{id}', { params: { path: { id: id() } }, signal })), id)
  const { prove } = useStepUp()
  const path = () => ({ params: { path: { id: id() } } })
  const closing = computed(() => ({ account: id(), key: newKey() })) // one key for each account
  const shown = (account: Account) => {
    load.put(account)
    return account
  }
  return {
    ...load,
    rename: useAct(async (nickname: string) => shown(await ask(api.PATCH('/accounts/{id}', { ...path(), body: { nickname } })))),
    stop: useAct(async () => shown(await ask(api.POST('/accounts/{id}/freeze', path())))),
    resume: useAct(async () => {
      const proof = await prove('account.resume')
      return proof === undefined ? undefined : shown(await ask(api.POST('/accounts/{id}/unfreeze', { ...path(), headers: provenBy(proof) })))
    }),
    close: useAct(async () => shown(await ask(api.POST('/accounts/{id}/close', { params: { ...path().params, header: onceOnly(closing.value.key) } })))),
  }
}
