import { api, type Wire } from '@console/api'
import { ask } from '@shared/api/client'
import { problemOf, type Problem } from '@shared/api/problem'
import { useAct, type Act } from '@shared/use/act'
import { ref, type Ref } from 'vue'

type Request = Wire<'ApprovalRequest'>

/** Decides what was shown: the hash says which change, the step says how far it was. */
export function decide({ id, hash, step }: Request, agree: boolean, reason: string): Promise<Request> {
  return ask(api.POST('/approvals/{id}/decision', { params: { path: { id } }, body: { agree, hash, step, ...(reason === '' ? {} : { reason }) } }))
}

export type Batch = Act<[readonly Request[], boolean, string], readonly Problem[]> & { done: Ref<number> }

/** Decides several, one after the other: each is an act of its own, and one that fails does not stop the rest. Gives what failed. */
export function useBatch(): Batch {
  const done = ref(0)
  const act = useAct(async (requests: readonly Request[], agree: boolean, reason: string) => {
    const failed: Problem[] = []
    done.value = 0
    for (const request of requests) {
      try {
        await decide(request, agree, reason)
      } catch (thrown) {
        failed.push(problemOf(thrown))
      }
      done.value++
    }
    return failed
  })
  return { ...act, done }
}
