import { page, type Feature } from '@app/feature'
import { text as identityText } from '@app/identity/text'
import { text } from './text'

/** The person's own place: who they are, how to reach them, what the bank knows of them and may do with it. */
export const feature: Feature = {
  routes: [
    { path: '/me', name: 'me', component: page(() => import('./pages/me.vue'), text), meta: { frame: 'tabs', place: 'me' } },
    { path: '/me/profile', name: 'profile', component: page(() => import('./pages/profile.vue'), text), meta: { place: 'me' } },
    { path: '/me/contact/:kind(phone|email)', name: 'contact', component: page(() => import('./pages/contact.vue'), text, identityText), props: true, meta: { place: 'me' } },
    { path: '/me/contact/phone/lost', name: 'phone-reset', component: page(() => import('./pages/phone-reset.vue'), text, identityText), meta: { place: 'me' } },
    { path: '/me/privacy', name: 'privacy', component: page(() => import('./pages/privacy.vue'), text), meta: { place: 'me' } },
    { path: '/me/privacy/consents', name: 'consents', component: page(() => import('./pages/consents.vue'), text), meta: { place: 'me' } },
    { path: '/me/privacy/access', name: 'access-log', component: page(() => import('./pages/access-log.vue'), text), meta: { place: 'me' } },
    { path: '/me/privacy/data', name: 'my-data', component: page(() => import('./pages/my-data.vue'), text), meta: { place: 'me' } },
    { path: '/me/leave', name: 'leave', component: page(() => import('./pages/leave.vue'), text), meta: { place: 'me' } },
  ],
  entries: [{ in: ['me-more'], to: 'privacy', icon: 'eye', order: 5, label: { 'zh-Hans': '我的信息和授权', 'zh-Hant': '我的資訊和授權', en: 'My data and consents' } }],
}
