import { page, type Feature } from '@app/feature'
import { text } from './text'

/** What the bank told the person, and where it may reach them. */
export const feature: Feature = {
  routes: [
    { path: '/messages', name: 'messages', component: page(() => import('./pages/list.vue'), text), meta: { frame: 'tabs', place: 'messages' } },
    { path: '/messages/preferences', name: 'message-preferences', component: page(() => import('./pages/preferences.vue'), text), meta: { place: 'messages' } },
  ],
  entries: [{ in: ['me-more'], to: 'message-preferences', icon: 'bell', order: 20, label: { 'zh-Hans': '通知设置', 'zh-Hant': '通知設定', en: 'Notifications' } }],
}
