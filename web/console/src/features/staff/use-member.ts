import { api, type Wire } from '@console/api'
import { ask, newKey, onceOnly } from '@shared/api/client'
import { useAct, type Act } from '@shared/use/act'

/** What is done with a member of staff at once, and what somebody else must agree to. */
export type MemberAct =
  | { kind: 'suspend' | 'resume' | 'dismiss' | 'reset' }
  | { kind: 'give'; role: Wire<'RoleRequest'>['role']; branch: string }
  | { kind: 'take'; assignment: string }

/** Does it, once however often it is sent. Gives the request that it made, or nothing when it is done already. */
export function useMember(id: string): Act<[MemberAct, string], Wire<'Request'> | 'done'> {
  let key = newKey()
  return useAct(async (what: MemberAct, reason: string) => {
    const path = { id }
    const once = { params: { path, header: onceOnly(key) } }
    let made: Wire<'Request'> | 'done' = 'done'
    if (what.kind === 'give') made = await ask(api.POST('/staff/{id}/roles', { ...once, body: { role: what.role, branch: what.branch, reason } }))
    else if (what.kind === 'take') made = await ask(api.POST('/staff/{id}/roles/end', { ...once, body: { assignment: what.assignment, reason } }))
    else if (what.kind === 'reset') made = await ask(api.POST('/staff/{id}/reset', { ...once, body: { reason } }))
    else if (what.kind === 'suspend') await ask(api.POST('/staff/{id}/suspend', { params: { path }, body: { reason } }))
    else if (what.kind === 'resume') await ask(api.POST('/staff/{id}/resume', { params: { path }, body: { reason } }))
    else await ask(api.POST('/staff/{id}/dismiss', { params: { path }, body: { reason } }))
    key = newKey()
    return made
  })
}
