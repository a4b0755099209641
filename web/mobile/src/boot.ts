/**
 * A plain script at the top of the page, before the first paint. It shows the colour scheme, type size and language that a person chose
 * (`shared/use/prefs.ts` keeps them), and lets the browser fetch the page that will be the first beside the app instead of after it.
 */
import { isLocale, negotiate, type Locale } from '@shared/i18n/locale'

/** What the two first pages need on top of the app, and the words of each language; empty on the development server. */
declare const __AHEAD__: { words: Partial<Record<Locale, string[]>>; pages: Partial<Record<'welcome' | 'home', string[]>> }
const ahead = __AHEAD__

const html = document.documentElement

function read(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null // No storage: the system's choices stand.
  }
}

function chosen(): Record<string, unknown> {
  try {
    const prefs: unknown = JSON.parse(read('tongbao.prefs') ?? '{}')
    return typeof prefs === 'object' && prefs !== null ? (prefs as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

function fetchAhead(file: string): void {
  const link = document.createElement('link')
  if (file.endsWith('.css')) Object.assign(link, { rel: 'preload', as: 'style' })
  else link.rel = 'modulepreload'
  link.crossOrigin = ''
  link.href = file
  document.head.append(link)
}

const prefs = chosen()
if (prefs['theme'] === 'light' || prefs['theme'] === 'dark') html.dataset['theme'] = prefs['theme']
if (prefs['type'] === 'large') html.dataset['type'] = 'large'
if (prefs['gains'] === 'green') html.dataset['gains'] = 'green'
const locale = isLocale(prefs['locale']) ? prefs['locale'] : negotiate(navigator.languages)
html.lang = locale

const first = location.pathname === '/' ? ahead.pages[read('tongbao.signed-in') === null ? 'welcome' : 'home'] : undefined
for (const file of [...(ahead.words[locale] ?? []), ...(first ?? [])]) fetchAhead(file)
