import { createApi } from '@shared/api/client'
import { useLocale } from '@shared/i18n/text'
import type { ConsolePaths } from '@shared/api/console'

/** What the frame does when the session is over or this page is too old; the router sets it. */
export const hooks = { signedOut: () => {}, tooOld: () => location.reload() }

/** The bank's API for staff. */
export const api = createApi<ConsolePaths>({
  app: 'console',
  baseUrl: '/api/console/v1',
  locale: () => useLocale().value,
  hooks: { signedOut: () => hooks.signedOut(), tooOld: () => hooks.tooOld() },
})
