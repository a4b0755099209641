import { page, type Feature } from '@app/feature'
import { text as accountsText } from '../accounts/text'
import { text } from './text'

/** The first page after signing in: what the person has, what they do most, what waits for them. */
export const feature: Feature = {
  routes: [{ path: '/', name: 'home', component: page(() => import('./pages/home.vue'), text, accountsText), meta: { frame: 'tabs', place: 'home' } }],
}
