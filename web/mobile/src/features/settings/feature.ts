import { page, type Feature } from '@app/feature'
import { text } from './text'

/** What a person chose on this device: language, look, type. Works without the bank. */
export const feature: Feature = {
  routes: [
    { path: '/settings', name: 'settings', component: page(() => import('./pages/settings.vue'), text), meta: { place: 'me', session: 'any' } },
    { path: '/settings/language', name: 'language', component: page(() => import('./pages/language.vue'), text), meta: { place: 'me', session: 'any' } },
    { path: '/about', name: 'about', component: page(() => import('./pages/about.vue'), text), meta: { place: 'me', session: 'any' } },
  ],
  entries: [
    { in: ['me-more'], to: 'settings', icon: 'settings', order: 10, label: { 'zh-Hans': '设置', 'zh-Hant': '設定', en: 'Settings' } },
    { in: ['me-more'], to: 'about', icon: 'info', order: 90, label: { 'zh-Hans': '关于通宝', 'zh-Hant': '關於通寶', en: 'About Tongbao' } },
  ],
}
