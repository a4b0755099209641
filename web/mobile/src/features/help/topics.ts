import type { IconName } from '@shared/ui/icons'

/** The articles: a question, a few short paragraphs (`<topic>.1` and on), and the page where the thing is done. */
export const groups = [
  { group: 'urgent', topics: ['lost', 'tricked'] },
  { group: 'pay', topics: ['pay', 'arrive', 'wrong', 'receipt'] },
  { group: 'account', topics: ['verify', 'limit', 'pin', 'passkey'] },
  { group: 'app', topics: ['type', 'privacy'] },
] as const

export type Topic = (typeof groups)[number]['topics'][number]

export const topics: Record<Topic, { icon: IconName; paragraphs: 2 | 3; to: string }> = {
  lost: { icon: 'device', paragraphs: 3, to: 'freeze' },
  tricked: { icon: 'alert', paragraphs: 3, to: 'freeze' },
  pay: { icon: 'send', paragraphs: 3, to: 'transfer' },
  arrive: { icon: 'clock', paragraphs: 3, to: 'transactions' },
  wrong: { icon: 'close-circle', paragraphs: 2, to: 'transactions' },
  receipt: { icon: 'receipt', paragraphs: 2, to: 'transactions' },
  verify: { icon: 'id', paragraphs: 3, to: 'verification' },
  limit: { icon: 'limit', paragraphs: 3, to: 'limits' },
  pin: { icon: 'key', paragraphs: 2, to: 'pin' },
  passkey: { icon: 'passkey', paragraphs: 2, to: 'passkeys' },
  type: { icon: 'type', paragraphs: 2, to: 'settings' },
  privacy: { icon: 'eye', paragraphs: 2, to: 'privacy' },
}

export function isTopic(name: string): name is Topic {
  return Object.hasOwn(topics, name)
}
