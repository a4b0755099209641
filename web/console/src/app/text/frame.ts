import { defineText } from '@shared/i18n/text'

/** Words of the console's frame and its sign-in page. Loaded before the first page. */
export const frameText = defineText({
  'zh-Hans': () => import('./zh-hans'),
  'zh-Hant': () => import('./zh-hant'),
  en: () => import('./en'),
})
