import { shallowReactive, shallowRef } from 'vue'
import { type Locale } from './locale'

/**
 * Own typed catalogue (2 kB where a library costs 40): a text is a set of messages for one part of the app, one file per language,
 * loaded with the page that needs it.
 *
 *   export const text = defineText({
 *     'zh-Hans': () => import('./zh-hans'), 'zh-Hant': () => import('./zh-hant'), en: () => import('./en'),
 *   })
 *   const t = useText(text)          // in a component
 *   t('limit.left', { amount })      // key and parameters are checked by the compiler
 *
 * A message is plain text with {name}; {count|day|days} chooses a word by number, for English.
 */
export type Messages = Readonly<Record<string, string>>

/** The same keys as the first language, in another one. */
export type Translation<M extends Messages> = { readonly [K in keyof M]: string }

type Loader<M extends Messages> = () => Promise<{ messages: Translation<M> }>

export type Text<M extends Messages> = {
  /** Fetches the messages of a language, once. */
  load: (locale: Locale) => Promise<void>
  /** The message of the current language; the key itself when it is not loaded, which a test refuses. */
  read: (key: keyof M & string) => string
  has: (key: string) => boolean
}

/** Names in braces of a message: the parameters that a caller must give. */
type Names<S extends string> = S extends `${string}{${infer Inner}}${infer Rest}`
  ? (Inner extends `${infer Name}|${string}` ? Name : Inner) | Names<Rest>
  : never

type Values<S extends string> = [Names<S>] extends [never] ? [] : [values: Record<Names<S>, string | number>]

export type Translate<M extends Messages> = <K extends keyof M & string>(key: K, ...values: Values<M[K]>) => string

/** The language on the screen now; set through `setLocale`. */
const current = shallowRef<Locale>('zh-Hans')
const known = new Set<{ load: (locale: Locale) => Promise<void> }>()

export function useLocale(): Readonly<typeof current> {
  return current
}

/** Changes the language once everything that is on screen has it. */
export async function setLocale(locale: Locale): Promise<void> {
  await Promise.all([...known].map((text) => text.load(locale)))
  startLocale(locale)
}

/** Sets the language at the start, before anything is on screen: what is loaded from here on is loaded in it. */
export function startLocale(locale: Locale): void {
  current.value = locale
  document.documentElement.lang = locale
}

/** Declares a text by its loaders; nothing is fetched before `load`. The first language gives the type. */
export function defineText<M extends Messages>(loaders: {
  'zh-Hans': () => Promise<{ messages: M }>
  'zh-Hant': Loader<M>
  en: Loader<M>
}): Text<M> {
  const loaded = shallowReactive(new Map<Locale, Messages>())
  const text: Text<M> = {
    async load(locale) {
      known.add(text)
      if (loaded.has(locale)) return
      loaded.set(locale, (await loaders[locale]()).messages)
    },
    read: (key) => loaded.get(current.value)?.[key] ?? key,
    has: (key) => loaded.get(current.value)?.[key] !== undefined,
  }
  return text
}

/** Gives the function that writes a text's messages in the current language. */
export function useText<M extends Messages>(text: Text<M>): Translate<M> {
  return (key, ...values) => fill(text.read(key), values[0])
}

/** Puts values into a message. A name without a value stays in its braces, so that a mistake is seen. */
export function fill(message: string, values: Readonly<Record<string, string | number>> | undefined): string {
  if (values === undefined) return message
  return message.replace(/\{([^{}|]+)(?:\|([^{}|]*)\|([^{}]*))?\}/g, (whole, name: string, one?: string, other?: string) => {
    const value = values[name]
    if (value === undefined) return whole
    if (one === undefined) return String(value)
    return (Number(value) === 1 ? one : other) ?? ''
  })
}

/** The names that a message asks for; the completeness test compares languages by them. */
export function namesIn(message: string): string[] {
  return [...new Set([...message.matchAll(/\{([^{}|]+)/g)].map((match) => match[1] ?? ''))].toSorted()
}
