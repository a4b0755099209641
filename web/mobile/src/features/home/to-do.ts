import type { components } from '@shared/api/mobile'
import type { IconName } from '@shared/ui/icons'
import type { RouteLocationRaw } from 'vue-router'

export type Step = components['schemas']['ToDo']
export type ToDo = Step['kind']

/** For each next step: its sign, its tone, and the pages that it may lead to, the most fitting first. */
export const toDos: Record<ToDo, { icon: IconName; tone: 'gold' | 'danger' | 'brand'; to: readonly string[]; query?: Record<string, string> }> = {
  unfreeze: { icon: 'snow', tone: 'danger', to: ['freeze', 'security'] },
  frozen: { icon: 'headset', tone: 'danger', to: ['help'] },
  stay: { icon: 'logout', tone: 'danger', to: ['leave', 'settings'] },
  identify: { icon: 'shield', tone: 'gold', to: ['verification'], query: { more: '1' } },
  identify_now: { icon: 'shield', tone: 'danger', to: ['verification'], query: { more: '1' } },
  consent: { icon: 'document', tone: 'gold', to: ['consents', 'settings'] },
  verify: { icon: 'shield', tone: 'gold', to: ['verification'] },
  verify_again: { icon: 'shield', tone: 'danger', to: ['verification'] },
  verify_waits: { icon: 'clock', tone: 'gold', to: ['verification'] },
  verify_higher: { icon: 'face', tone: 'gold', to: ['verification'], query: { more: '1' } },
  open_account: { icon: 'card', tone: 'gold', to: ['open-account'] },
  set_pin: { icon: 'key', tone: 'gold', to: ['pin', 'security'] },
  add_passkey: { icon: 'passkey', tone: 'brand', to: ['passkeys', 'security'] },
  deposit_matures: { icon: 'calendar', tone: 'gold', to: ['deposit'] },
  deposit_matured: { icon: 'calendar', tone: 'gold', to: ['deposit'] },
  instalment_missed: { icon: 'alert', tone: 'danger', to: ['deposit-add'] },
  notice_due: { icon: 'bell', tone: 'gold', to: ['deposit-withdraw'] },
  deposit_offered: { icon: 'document', tone: 'gold', to: ['deposit-offers'] },
}

/** Where a step leads: to the deposit that it is about, or else to its first page that there is. */
export function placeOf({ kind, depositId }: Step, destination: (...names: readonly string[]) => RouteLocationRaw | undefined): RouteLocationRaw | undefined {
  const { to, query } = toDos[kind]
  const [name] = to
  if (depositId !== undefined && name !== undefined) return { name, params: { id: depositId } }
  const found = destination(...to)
  return query !== undefined && typeof found === 'object' ? { ...found, query } : found
}

/** More than this at once is a list of duties, not a help. */
export const toDosMost = 2
