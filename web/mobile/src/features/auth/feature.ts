import { page, type Feature } from '@app/feature'
import { text as identityText } from '@app/identity/text'
import { text } from './text'

/** The ways in: registering, signing in, a new password for who has forgotten it, and a new number for who has lost the phone. */
export const feature: Feature = {
  routes: [
    { path: '/register', name: 'register', component: page(() => import('./pages/register.vue'), text, identityText), meta: { frame: 'bare', session: 'none' } },
    { path: '/sign-in', name: 'sign-in', component: page(() => import('./pages/sign-in.vue'), text, identityText), meta: { frame: 'bare', session: 'none' } },
    { path: '/forgot-password', name: 'forgot-password', component: page(() => import('./pages/forgot-password.vue'), text, identityText), meta: { frame: 'bare', session: 'none' } },
    { path: '/lost-phone', name: 'lost-phone', component: page(() => import('./pages/lost-phone.vue'), text, identityText), meta: { frame: 'bare', session: 'none' } },
  ],
}
