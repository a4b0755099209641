import { useText } from '@shared/i18n/text'
import { toast } from '@shared/use/toast'
import { ref } from 'vue'
import { hooks } from './api'
import { frameText } from './text/frame'

/** How often an open app asks whether there is a newer version. */
const askEveryMs = 60 * 60 * 1000

/** A newer version is here and waits for the person's word. */
export const updateWaiting = ref(false)
let waiting: ServiceWorker | undefined

/** Installs the service worker and tells when a new version is ready. */
export function watchShell(): void {
  hooks.tooOld = () => void takeUpdate()
  if (!('serviceWorker' in navigator) || import.meta.env.DEV) return
  addEventListener('load', () => void register())
  if (document.readyState === 'complete') void register()
}

async function register(): Promise<void> {
  let registration: ServiceWorkerRegistration
  try {
    registration = await navigator.serviceWorker.register('/sw.js')
  } catch {
    return // Forbidden or out of space: the app works as a plain page.
  }
  const hadWorker = navigator.serviceWorker.controller !== null
  navigator.serviceWorker.addEventListener('controllerchange', () => {
    if (hadWorker) location.reload()
  })
  if (registration.waiting !== null && hadWorker) offer(registration.waiting)
  registration.addEventListener('updatefound', () => {
    const arriving = registration.installing
    arriving?.addEventListener('statechange', () => {
      if (arriving.state === 'installed' && navigator.serviceWorker.controller !== null) offer(arriving)
    })
  })
  setInterval(() => void registration.update().catch(() => undefined), askEveryMs)
}

function offer(worker: ServiceWorker): void {
  waiting = worker
  updateWaiting.value = true
  const t = useText(frameText)
  toast(t('update.ready'), { act: { label: t('update.take'), run: () => void takeUpdate() } })
}

/** Moves to the new version: the waiting worker takes over and the page is loaded anew. */
export async function takeUpdate(): Promise<void> {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origin to name
  if (waiting !== undefined) return waiting.postMessage('take-over')
  const registration = await navigator.serviceWorker?.getRegistration()
  await registration?.update().catch(() => undefined)
  if (registration?.installing === null && registration.waiting === null) location.reload()
}
