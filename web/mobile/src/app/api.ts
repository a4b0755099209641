import { createApi } from '@shared/api/client'
import type { paths } from '@shared/api/mobile'
import { useLocale } from '@shared/i18n/text'

/** What the frame does when an answer concerns the whole app; the router and the shell set it, to keep this file below them. */
export const hooks = { signedOut: () => {}, tooOld: () => {} }

/** The bank's API for customers: `ask(api.GET('/accounts/{id}', { params: { path: { id } }, signal }))`. */
export const api = createApi<paths>({
  app: 'mobile',
  baseUrl: '/api/mobile/v1',
  locale: () => useLocale().value,
  hooks: { signedOut: () => hooks.signedOut(), tooOld: () => hooks.tooOld() },
})
