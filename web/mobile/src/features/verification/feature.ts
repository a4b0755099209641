import { page, type Feature } from '@app/feature'
import { text as identityText } from '@app/identity/text'
import { text } from './text'

/** Verifying who a person is, step by step; each level opens more. */
export const feature: Feature = {
  routes: [{ path: '/verification', name: 'verification', component: page(() => import('./pages/verification.vue'), text, identityText), meta: { place: 'me' } }],
  entries: [{ in: ['me-safety'], to: 'verification', icon: 'id', order: 10, label: { 'zh-Hans': '身份核验', 'zh-Hant': '身分核驗', en: 'Verification' } }],
}
