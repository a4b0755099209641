import { reactive, readonly } from 'vue'
import { isLocale, negotiate, type Locale } from '../i18n/locale'
import { setLocale, startLocale } from '../i18n/text'

/** What a person chose on this device. `boot.ts` reads the same record before the first paint. */
export type Prefs = {
  /** Undefined: the browser's language decides. */
  locale: Locale | undefined
  theme: 'system' | 'light' | 'dark'
  type: 'normal' | 'large'
  /** The colour of a gain: red as in China, green as in the West. */
  gains: 'red' | 'green'
  /** Whether sums on the home page are hidden. */
  hidden: boolean
}

const key = 'tongbao.prefs'
const defaults: Prefs = { locale: undefined, theme: 'system', type: 'normal', gains: 'red', hidden: false }
const prefs = reactive<Prefs>({ ...defaults })

export function usePrefs(): Readonly<Prefs> {
  return readonly(prefs)
}

/** Reads the stored choices and shows them; resolves when the words that the first page needs are loaded. */
export async function startPrefs(texts: readonly { load: (locale: Locale) => Promise<void> }[]): Promise<void> {
  Object.assign(prefs, read())
  show()
  const locale = prefs.locale ?? negotiate(navigator.languages)
  startLocale(locale)
  await Promise.all(texts.map((text) => text.load(locale)))
}

/** Changes choices, shows them and keeps them. */
export async function setPrefs(change: Partial<Prefs>): Promise<void> {
  Object.assign(prefs, change)
  show()
  try {
    localStorage.setItem(key, JSON.stringify(prefs))
  } catch {
    // Storage is full or forbidden: the choice lasts as long as the page.
  }
  if ('locale' in change) await setLocale(prefs.locale ?? negotiate(navigator.languages))
}

function show(): void {
  const { dataset } = document.documentElement
  put(dataset, 'theme', prefs.theme === 'system' ? undefined : prefs.theme)
  put(dataset, 'type', prefs.type === 'large' ? 'large' : undefined)
  put(dataset, 'gains', prefs.gains === 'green' ? 'green' : undefined)
}

function put(dataset: DOMStringMap, name: string, value: string | undefined): void {
  if (value === undefined) delete dataset[name]
  else dataset[name] = value
}

function read(): Partial<Prefs> {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '{}')
    return typeof stored === 'object' && stored !== null ? valid(stored as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

/** Keeps what is one of the known choices: the record may be older than this app. */
function valid(stored: Record<string, unknown>): Partial<Prefs> {
  const found: Partial<Prefs> = {}
  if (isLocale(stored['locale'])) found.locale = stored['locale']
  if (stored['theme'] === 'light' || stored['theme'] === 'dark') found.theme = stored['theme']
  if (stored['type'] === 'large') found.type = 'large'
  if (stored['gains'] === 'green') found.gains = 'green'
  if (stored['hidden'] === true) found.hidden = true
  return found
}
