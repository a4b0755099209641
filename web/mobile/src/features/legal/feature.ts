import { page, type Feature } from '@app/feature'
import { text } from './text'

/** What the bank and a person agree on, as it is in force. */
export const feature: Feature = {
  routes: [{ path: '/agreements', name: 'agreements', component: page(() => import('./pages/agreements.vue'), text), meta: { place: 'me', session: 'any' } }],
}
