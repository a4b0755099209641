import type { Locale } from '@shared/i18n/locale'
import type { Language } from 'element-plus/es/locale'

export type ElementLocale = Language

/** Element Plus's own words (pagination, date picker) in the language of the console. */
export async function elementLocale(locale: Locale): Promise<ElementLocale> {
  switch (locale) {
    case 'zh-Hant':
      return (await import('element-plus/es/locale/lang/zh-tw.mjs')).default
    case 'en':
      return (await import('element-plus/es/locale/lang/en.mjs')).default
    default:
      return (await import('element-plus/es/locale/lang/zh-cn.mjs')).default
  }
}
