import { page, type Feature } from '@app/feature'
import { text } from './text'

/** Answers to what people ask first, as short articles; they work offline. */
export const feature: Feature = {
  routes: [
    { path: '/help', name: 'help', component: page(() => import('./pages/help.vue'), text), meta: { place: 'me', session: 'any' } },
    { path: '/help/:topic', name: 'help-article', component: page(() => import('./pages/article.vue'), text), props: true, meta: { place: 'me', session: 'any' } },
  ],
  entries: [{ in: ['me-more'], to: 'help', icon: 'help', order: 20, label: { 'zh-Hans': '帮助', 'zh-Hant': '說明', en: 'Help' } }],
}
