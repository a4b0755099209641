import { page, type Feature } from '@app/feature'
import { text } from './text'

/** The first page after signing in: what the person has, what they do most, what waits for them. */
export const feature: Feature = {
  routes: [{ path: '/', name: 'home', component: page(() => import('./pages/home.vue'), text), meta: { frame: 'tabs', place: 'home' } }],
}
