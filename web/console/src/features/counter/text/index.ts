import { defineText } from '@shared/i18n/text'

/** Words of the counter. */
export const text = defineText({
  'zh-Hans': () => import('./zh-hans'),
  'zh-Hant': () => import('./zh-hant'),
  en: () => import('./en'),
})
