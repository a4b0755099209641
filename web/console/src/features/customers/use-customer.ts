import { api, type Wire } from '@console/api'
import { setLooksLeft } from '@console/session'
import { ask, newKey, onceOnly } from '@shared/api/client'
import { useAct, type Act } from '@shared/use/act'
import { onScopeDispose, ref, type Ref } from 'vue'

/** How long a revealed field stays on the screen. */
export const shownSeconds = 60

/** A field that was revealed, until it is hidden again. */
export type Shown = { field: Wire<'RevealIn'>['field']; account?: string | undefined; value: string }

export type Reveal = Act<[Wire<'RevealIn'>], true> & { shown: Ref<Shown | undefined>; left: Ref<number>; hide: () => void }

/** Shows one masked field for a reason, for a short while. */
export function useReveal(id: string): Reveal {
  const shown = ref<Shown>()
  const left = ref(0)
  let timer: ReturnType<typeof setInterval> | undefined
  function hide(): void {
    clearInterval(timer)
    shown.value = undefined
  }
  const act = useAct(async (body: Wire<'RevealIn'>) => {
    const { value, left: looks } = await ask(api.POST('/customers/{id}/reveals', { params: { path: { id } }, body }))
    setLooksLeft(looks)
    hide()
    shown.value = { field: body.field, account: body.account, value }
    left.value = shownSeconds
    timer = setInterval(() => (--left.value <= 0 ? hide() : undefined), 1000)
    return true as const
  })
  onScopeDispose(hide)
  return { ...act, shown, left, hide }
}

/** What may be asked for about a customer; somebody else agrees to it. */
export type Plea = 'freeze' | 'thaw' | 'reset'

/** Asks for one of them, once however often it is sent. */
export function usePlea(id: string): Act<[Plea, string], Wire<'Request'>> {
  const keys: Partial<Record<Plea, string>> = {}
  return useAct(async (plea: Plea, reason: string) => {
    const key = (keys[plea] ??= newKey())
    const options = { params: { path: { id }, header: onceOnly(key) }, body: { reason } }
    const made = await ask(plea === 'freeze' ? api.POST('/customers/{id}/freeze', options) : plea === 'thaw' ? api.POST('/customers/{id}/thaw', options) : api.POST('/customers/{id}/reset', options))
    delete keys[plea]
    return made
  })
}
