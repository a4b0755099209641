import { reactive, ref } from 'vue'

/** A short message at the edge of the screen. An act is offered beside it when there is something to do about it. */
export type Toast = { id: number; message: string; tone: 'plain' | 'good' | 'bad'; act?: { label: string; run: () => void } }

/** How long a toast stays: long enough to read aloud; one with an act stays until it is answered. */
const stayMs = 4_000
/** More than this at once is noise: the oldest goes. */
const shownMax = 3

const toasts = reactive<Toast[]>([])
const spoken = ref('')
let count = 0

export function useToasts(): { toasts: readonly Toast[]; spoken: Readonly<typeof spoken>; dismiss: (id: number) => void } {
  return { toasts, spoken, dismiss }
}

/** Shows a message and has it read aloud. */
export function toast(message: string, options: Partial<Pick<Toast, 'tone' | 'act'>> = {}): void {
  const id = ++count
  toasts.push({ id, message, tone: options.tone ?? 'plain', ...(options.act === undefined ? {} : { act: options.act }) })
  if (toasts.length > shownMax) toasts.shift()
  if (options.act === undefined) setTimeout(() => dismiss(id), stayMs)
}

/** Has something read aloud without showing it: a page's new title, a result that moved. */
export function announce(message: string): void {
  spoken.value = ''
  requestAnimationFrame(() => (spoken.value = message))
}

function dismiss(id: number): void {
  const index = toasts.findIndex((entry) => entry.id === id)
  if (index >= 0) toasts.splice(index, 1)
}
