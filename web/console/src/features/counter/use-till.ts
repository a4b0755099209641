import { api, type Wire } from '@console/api'
import { ask, newKey, onceOnly } from '@shared/api/client'
import { useAct, type Act } from '@shared/use/act'
import { countedOf, type Pieces } from './use-pieces'

/** What is done with a till. */
export type TillAct =
  | { kind: 'open' | 'count' | 'close'; till: string }
  | { kind: 'hand'; till: string; to: string }
  | { kind: 'deliver'; till: string; back: boolean; reference: string; reason: string }

export type TillResult = { counted: Wire<'Counted'> } | { moved: Wire<'Movement'> } | { asked: Wire<'Request'> }

/** Does it with what was counted out. */
export function useTill(): Act<[TillAct, Pieces], TillResult> {
  let key = newKey()
  return useAct(async (what: TillAct, pieces: Pieces) => {
    const path = { id: what.till }
    const body = { pieces: countedOf(pieces) }
    if (what.kind === 'hand') return { moved: await ask(api.POST('/tills/{id}/hand-overs', { params: { path }, body: { ...body, to: what.to } })) }
    if (what.kind === 'deliver') {
      const { back, reference, reason } = what
      const asked = await ask(api.POST('/tills/{id}/deliveries', { params: { path, header: onceOnly(key) }, body: { ...body, back, reference, reason } }))
      key = newKey()
      return { asked }
    }
    const done = what.kind === 'open' ? api.POST('/tills/{id}/open', { params: { path }, body }) : what.kind === 'count' ? api.POST('/tills/{id}/count', { params: { path }, body }) : api.POST('/tills/{id}/close', { params: { path }, body })
    return { counted: await ask(done) }
  })
}
