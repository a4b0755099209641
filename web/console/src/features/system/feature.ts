import { page, type Feature } from '@console/feature'
import { text } from './text'

/** The machinery: what waits, what failed, and trying it again. */
export const feature: Feature = {
  routes: [{ path: '/system', name: 'system', component: page(() => import('./pages/system.vue'), text), meta: { needs: ['system.view'] } }],
  entries: [{ group: 'house', to: 'system', icon: 'system', order: 130, label: { 'zh-Hans': '系统', 'zh-Hant': '系統', en: 'System' } }],
}
