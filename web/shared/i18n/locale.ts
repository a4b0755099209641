/** The languages that both apps speak; the tag is also the value of <html lang>. */
export const locales = ['zh-Hans', 'zh-Hant', 'en'] as const
export type Locale = (typeof locales)[number]

/** Each language by its own name: a person who cannot read the page must still find theirs. */
export const localeNames: Record<Locale, string> = { 'zh-Hans': '简体中文', 'zh-Hant': '繁體中文', en: 'English' }

/** Chooses the language for a browser's list: first match wins, regions that write traditional characters count as such. */
export function negotiate(preferred: readonly string[]): Locale {
  for (const tag of preferred) {
    const lower = tag.toLowerCase()
    if (/^zh\b.*(hant|-tw|-hk|-mo)/.test(lower)) return 'zh-Hant'
    if (/^zh\b/.test(lower)) return 'zh-Hans'
    if (/^en\b/.test(lower)) return 'en'
  }
  return 'zh-Hans'
}

export function isLocale(value: unknown): value is Locale {
  return locales.some((locale) => locale === value)
}
