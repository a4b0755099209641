import { createApi } from '@shared/api/client'
import type { components, paths } from '@shared/api/console'
import { useLocale } from '@shared/i18n/text'

/** What the API speaks of: `Wire<'Person'>`. */
export type Wire<Name extends keyof components['schemas']> = components['schemas'][Name]

/** What the frame does when the session is over or this page is too old; the router sets it. */
export const hooks = { signedOut: () => {}, tooOld: () => location.reload() }

/** The bank's API for staff. */
export const api = createApi<paths>({
  app: 'console',
  baseUrl: '/api/console/v1',
  locale: () => useLocale().value,
  hooks: { signedOut: () => hooks.signedOut(), tooOld: () => hooks.tooOld() },
})
