import { defineText } from '@shared/i18n/text'

/** Words of the parts by which a person says who they are; for the pages that use them. */
export const text = defineText({
  'zh-Hans': () => import('./zh-hans'),
  'zh-Hant': () => import('./zh-hant'),
  en: () => import('./en'),
})
