import { page, type Feature } from '@app/feature'
import { text } from './text'

/** The place in the middle: everything that pays or is paid. */
export const feature: Feature = {
  routes: [{ path: '/pay', name: 'pay', component: page(() => import('./pages/pay.vue'), text), meta: { frame: 'tabs', place: 'pay' } }],
}
