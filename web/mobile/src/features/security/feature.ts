import { page, type Feature } from '@app/feature'
import { text as identityText } from '@app/identity/text'
import { text } from './text'

/** Everything that keeps a person's money theirs: factors, devices, sessions, limits, and the emergency brake. */
export const feature: Feature = {
  routes: [
    { path: '/security', name: 'security', component: page(() => import('./pages/security.vue'), text), meta: { place: 'me' } },
    { path: '/security/password', name: 'password', component: page(() => import('./pages/password.vue'), text, identityText), meta: { place: 'me' } },
    { path: '/security/pin', name: 'pin', component: page(() => import('./pages/pin.vue'), text, identityText), meta: { place: 'me' } },
    { path: '/security/pin/reset', name: 'pin-reset', component: page(() => import('./pages/pin-reset.vue'), text, identityText), meta: { place: 'me' } },
    { path: '/security/passkeys', name: 'passkeys', component: page(() => import('./pages/passkeys.vue'), text), meta: { place: 'me' } },
    { path: '/security/devices', name: 'devices', component: page(() => import('./pages/devices.vue'), text), meta: { place: 'me' } },
    { path: '/security/sessions', name: 'sessions', component: page(() => import('./pages/sessions.vue'), text), meta: { place: 'me' } },
    { path: '/security/sign-ins', name: 'sign-ins', component: page(() => import('./pages/sign-ins.vue'), text), meta: { place: 'me' } },
    { path: '/security/limits', name: 'limits', component: page(() => import('./pages/limits.vue'), text), meta: { place: 'me' } },
    { path: '/security/freeze', name: 'freeze', component: page(() => import('./pages/freeze.vue'), text), meta: { place: 'me' } },
  ],
  entries: [
    { in: ['me-safety'], to: 'security', icon: 'shield', order: 20, label: { 'zh-Hans': '安全中心', 'zh-Hant': '安全中心', en: 'Security' } },
    { in: ['me-safety'], to: 'limits', icon: 'limit', order: 30, label: { 'zh-Hans': '转账限额', 'zh-Hant': '轉帳限額', en: 'Limits' } },
    { in: ['me-safety'], to: 'freeze', icon: 'snow', order: 40, label: { 'zh-Hans': '紧急冻结', 'zh-Hant': '緊急凍結', en: 'Emergency freeze' } },
  ],
}
