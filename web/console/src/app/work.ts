import type { IconName } from '@shared/ui/icons'

/** The kinds of work, in the order of the left navigation. One whose page does not exist yet is not shown. */
export const work = [
  { name: 'today', icon: 'home' },
  { name: 'customers', icon: 'me' },
  { name: 'approvals', icon: 'shield' },
  { name: 'products', icon: 'more' },
  { name: 'lending', icon: 'bank' },
  { name: 'payments', icon: 'send' },
  { name: 'risk', icon: 'eye' },
  { name: 'support', icon: 'headset' },
  { name: 'engagement', icon: 'life' },
  { name: 'insight', icon: 'grow' },
  { name: 'compliance', icon: 'bill' },
  { name: 'system', icon: 'settings' },
] as const satisfies readonly { name: string; icon: IconName }[]
