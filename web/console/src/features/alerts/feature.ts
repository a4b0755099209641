import { page, type Feature } from '@console/feature'
import { text } from './text'

/** Looks at customers that are not like work. */
export const feature: Feature = {
  routes: [{ path: '/alerts', name: 'alerts', component: page(() => import('./pages/list.vue'), text), meta: { needs: ['access.list_alerts'] } }],
  entries: [{ group: 'watch', to: 'alerts', icon: 'eye', waiting: 'alerts', order: 80, label: { 'zh-Hans': '内控提醒', 'zh-Hant': '內控提醒', en: 'Insider alerts' } }],
}
