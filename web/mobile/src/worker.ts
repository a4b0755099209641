/// <reference lib="webworker" />
/**
 * The service worker: keeps the shell (pages, scripts, icons) of one version so that the app opens without a network, and
 * nothing else. It never answers for the API: money on the screen always comes from the bank. A new version waits until
 * the person agrees (`shell.ts`), so that no page is changed under their hands.
 */
declare const __SHELL__: { version: string; files: string[] }

const worker = self as unknown as ServiceWorkerGlobalScope // the compiler cannot know in which scope this file runs
const shell = __SHELL__
const cacheName = `shell-${shell.version}`
const files = new Set(shell.files)
/** Addresses that the server answers itself, also when they are opened as a page. */
const served = /^\/(api|r|dev|metrics|livez|readyz)(\/|$)/

worker.addEventListener('install', (event) => {
  event.waitUntil(keepShell())
})

worker.addEventListener('activate', (event) => {
  event.waitUntil(dropOld())
})

worker.addEventListener('message', (event) => {
  if (event.data === 'take-over') void worker.skipWaiting()
})

worker.addEventListener('fetch', (event) => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== worker.location.origin || served.test(url.pathname)) return
  if (request.mode === 'navigate') event.respondWith(fromShell('/', request))
  else if (files.has(url.pathname)) event.respondWith(fromShell(url.pathname, request))
})

async function keepShell(): Promise<void> {
  const cache = await caches.open(cacheName)
  // Hashed files may come from the browser's cache, the rest must be of this version.
  await cache.addAll(shell.files.map((file) => new Request(file, { cache: file.startsWith('/assets/') ? 'default' : 'reload' })))
}

async function dropOld(): Promise<void> {
  const names = await caches.keys()
  await Promise.all(names.filter((name) => name.startsWith('shell-') && name !== cacheName).map((name) => caches.delete(name)))
  await worker.clients.claim()
}

async function fromShell(path: string, request: Request): Promise<Response> {
  const cache = await caches.open(cacheName)
  return (await cache.match(path)) ?? fetch(request)
}
