import { api } from '@app/api'
import { useDestination } from '@app/destination'
import { ask } from '@shared/api/client'
import type { components } from '@shared/api/mobile'
import { useAct, type Act } from '@shared/use/act'
import { usePage, type PageList } from '@shared/use/page'
import { computed, ref, type ComputedRef } from 'vue'
import type { RouteLocationRaw } from 'vue-router'

export type Message = components['schemas']['Message']

export type Inbox = PageList<Message> & {
  /** Whether it is read, here or at the bank. */
  isRead: (message: Message) => boolean
  unread: ComputedRef<number>
  read: (message: Message) => Promise<void>
  readAll: Act<[], void>
}

/** The inbox. What is read here is shown as read at once, and told to the bank. */
export function useInbox(): Inbox {
  const waiting = ref(0)
  const read = ref<ReadonlySet<string>>(new Set())
  const list = usePage(async (cursor, signal) => {
    const page = await ask(api.GET('/messages', { params: { query: cursor === undefined ? {} : { cursor } }, signal }))
    waiting.value = page.unread
    read.value = new Set()
    return page
  })
  const isRead = (message: Message) => message.read || read.value.has(message.id)
  return {
    ...list,
    isRead,
    unread: computed(() => Math.max(0, waiting.value - read.value.size)),
    async read(message) {
      if (isRead(message)) return
      read.value = new Set([...read.value, message.id])
      try {
        await ask(api.POST('/messages/{id}/read', { params: { path: { id: message.id } } }))
      } catch {
        // It stays unread at the bank, and is shown so the next time.
      }
    },
    readAll: useAct(async () => {
      await ask(api.POST('/messages/read-all'))
      await list.reload()
    }),
  }
}

/** The page that a message is about; undefined when it says all there is. */
export function useSubject(): (message: Pick<Message, 'subject' | 'template' | 'category'>) => RouteLocationRaw | undefined {
  const destination = useDestination()
  return ({ subject, template, category }) => {
    if (subject?.startsWith('trfr_') === true) return { name: 'transfer-result', params: { id: subject } }
    if (subject?.startsWith('acct_') === true) return { name: 'account', params: { id: subject } }
    if (template.startsWith('customer.verif')) return destination('verification')
    if (template === 'auth.new_device') return destination('devices', 'security')
    return category === 'security' ? destination('security') : undefined
  }
}
