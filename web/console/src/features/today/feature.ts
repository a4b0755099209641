import { page, type Feature } from '@console/feature'
import { text } from './text'

/** What waits for me. */
export const feature: Feature = {
  routes: [{ path: '/', name: 'today', component: page(() => import('./pages/today.vue'), text) }],
  entries: [{ group: 'work', to: 'today', icon: 'home', order: 10, label: { 'zh-Hans': '今日', 'zh-Hant': '今日', en: 'Today' } }],
}
