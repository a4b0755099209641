import { defineText } from '@shared/i18n/text'

/** Words of the sheet that asks for a proof; loaded with it. */
export const text = defineText({
  'zh-Hans': () => import('./zh-hans'),
  'zh-Hant': () => import('./zh-hant'),
  en: () => import('./en'),
})
