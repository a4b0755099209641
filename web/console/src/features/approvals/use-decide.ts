import { api, type Wire } from '@console/api'
import { ask } from '@shared/api/client'
import { useAct, type Act } from '@shared/use/act'

type Request = Wire<'ApprovalRequest'>

/** Decides what was shown: the hash says which change, the step says how far it was. */
export function decide({ id, hash, step }: Request, agree: boolean, reason: string): Promise<Request> {
  return ask(api.POST('/approvals/{id}/decision', { params: { path: { id } }, body: { agree, hash, step, ...(reason === '' ? {} : { reason }) } }))
}

/** Decides several in one call: each is an act of its own, and one that fails does not stop the rest. Gives what did not go through. */
export function useBatch(): Act<[readonly Request[], boolean, string], readonly Wire<'DecidedOne'>[]> {
  return useAct(async (requests: readonly Request[], agree: boolean, reason: string) => {
    const seen = requests.map(({ id, hash, step }) => ({ id, hash, step }))
    const { outcomes } = await ask(api.POST('/approvals/decisions', { body: { agree, requests: seen, ...(reason === '' ? {} : { reason }) } }))
    return outcomes.filter(({ why }) => why !== undefined)
  })
}
