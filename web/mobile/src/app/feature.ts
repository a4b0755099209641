import { useLocale } from '@shared/i18n/text'
import type { Locale } from '@shared/i18n/locale'
import type { IconName } from '@shared/ui/icons'
import type { Component } from 'vue'
import type { RouteRecordRaw } from 'vue-router'

/** The places of the bottom bar. One without a page is not shown. */
export type Place = 'home' | 'wealth' | 'pay' | 'life' | 'messages' | 'me'

declare module 'vue-router' {
  // vue-router is extended by merging, which only an interface can.
  // oxlint-disable-next-line typescript/consistent-type-definitions
  interface RouteMeta {
    /** `tabs`: with the bottom bar; `page`: without it on a phone; `bare`: alone, for who is not signed in. Default `page`. */
    frame?: 'tabs' | 'page' | 'bare'
    /** The place that is lit while this page is open. */
    place?: Place
    /** `needed` (default): else to the welcome page; `none`: only without one, else home; `any`: both. */
    session?: 'needed' | 'none' | 'any'
  }
}

/**
 * What a feature folder gives to the app, as `feature` of `features/<domain>/feature.ts`: its routes, and the entries that
 * lead to them. The frame finds the file by itself; there is no list to edit.
 */
export type Feature = { routes: readonly RouteRecordRaw[]; entries?: readonly Entry[] }

/** Where an entry stands: quick acts of home, the pay and wealth places, a group of the Me page. */
export type EntryPlace = 'acts' | 'pay' | 'wealth' | 'me-money' | 'me-safety' | 'me-more'

/** A way into a feature. Its words are few and known before the feature is loaded, so they stand here. */
export type Entry = {
  in: readonly EntryPlace[]
  /** Name of the route. */
  to: string
  icon: IconName
  label: Readonly<Record<Locale, string>>
  note?: Readonly<Record<Locale, string>>
  /** Lowest first. */
  order: number
}

type Words = { load: (locale: Locale) => Promise<void> }

/** A page that is loaded together with its words: `component: page(() => import('./pages/fill.vue'), text)`. */
export function page(load: () => Promise<{ default: Component }>, ...texts: readonly Words[]): () => Promise<{ default: Component }> {
  return async () => {
    const [component] = await Promise.all([load(), ...texts.map((text) => text.load(useLocale().value))])
    return component
  }
}
