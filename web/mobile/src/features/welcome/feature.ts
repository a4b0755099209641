import { page, type Feature } from '@app/feature'
import { text } from './text'

/** The first page of who is not signed in. */
export const feature: Feature = {
  routes: [{ path: '/welcome', name: 'welcome', component: page(() => import('./pages/welcome.vue'), text), meta: { frame: 'bare', session: 'none' } }],
}
