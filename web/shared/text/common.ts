import { defineText } from '../i18n/text'

/** Words that both apps use everywhere; loaded before the first page. */
export const common = defineText({
  'zh-Hans': () => import('./zh-hans'),
  'zh-Hant': () => import('./zh-hant'),
  en: () => import('./en'),
})
