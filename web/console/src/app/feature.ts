import type { Locale } from '@shared/i18n/locale'
import { useLocale } from '@shared/i18n/text'
import type { IconName } from '@shared/ui/icons'
import type { Component } from 'vue'
import type { RouteRecordRaw } from 'vue-router'
import type { WaitingName } from './waiting'

declare module 'vue-router' {
  // vue-router is extended by merging, which only an interface can.
  // oxlint-disable-next-line typescript/consistent-type-definitions
  interface RouteMeta {
    /** For who is not signed in. */
    open?: boolean
    /** Any of these permissions opens the page; without them it does not exist. */
    needs?: readonly string[]
    /** The entry of the navigation that is lit while this page is open. */
    entry?: string
  }
}

/** What a feature folder gives to the console, as `feature` of `features/<work>/feature.ts`. The frame finds the file by itself. */
export type Feature = { routes: readonly RouteRecordRaw[]; entries?: readonly Entry[] }

/** The parts of the left navigation, in their order. */
export const groups = ['work', 'money', 'watch', 'house'] as const

/** A way into a piece of work. Its words are few and known before it is loaded, so they stand here. */
export type Entry = {
  group: (typeof groups)[number]
  /** Name of the route; its `needs` decide who sees the entry. */
  to: string
  icon: IconName
  label: Readonly<Record<Locale, string>>
  /** What waits for this person there. */
  waiting?: WaitingName
  /** Lowest first. */
  order: number
}

type Words = { load: (locale: Locale) => Promise<void> }

/** A page that is loaded together with its words: `component: page(() => import('./pages/list.vue'), text)`. */
export function page(load: () => Promise<{ default: Component }>, ...texts: readonly Words[]): () => Promise<{ default: Component }> {
  return async () => {
    const [component] = await Promise.all([load(), ...texts.map((text) => text.load(useLocale().value))])
    return component
  }
}
