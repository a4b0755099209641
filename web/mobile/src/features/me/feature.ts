import { page, type Feature } from '@app/feature'
import { text } from './text'

/** The person's own place: who they are, and the way to everything that is theirs. */
export const feature: Feature = {
  routes: [{ path: '/me', name: 'me', component: page(() => import('./pages/me.vue'), text), meta: { frame: 'tabs', place: 'me' } }],
}
