import { page, type Feature } from '@console/feature'
import { text } from './text'

/** The log of everything that was done, with proofs. */
export const feature: Feature = {
  routes: [{ path: '/audit', name: 'audit', component: page(() => import('./pages/search.vue'), text), meta: { needs: ['audit.search'] } }],
  entries: [{ group: 'watch', to: 'audit', icon: 'receipt', order: 90, label: { 'zh-Hans': '审计', 'zh-Hant': '稽核', en: 'Audit' } }],
}
