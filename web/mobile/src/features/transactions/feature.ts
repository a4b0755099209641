import { page, type Feature } from '@app/feature'
import { text as transferText } from '../transfer/text'
import { idOf } from './groups'
import { text } from './text'

/** What happened on the person's accounts: a list to search and filter, and each with its receipt. */
export const feature: Feature = {
  routes: [
    { path: '/transactions', name: 'transactions', component: page(() => import('./pages/list.vue'), text, transferText), meta: { place: 'home' } },
    { path: '/transactions/:id', name: 'transaction', component: page(() => import('./pages/detail.vue'), text, transferText), props: ({ params }) => ({ id: idOf(String(params['id'])) }), meta: { place: 'home' } },
    { path: '/search', name: 'search', redirect: { name: 'transactions', query: { find: '' } } },
  ],
  entries: [{ in: ['acts', 'me-money'], to: 'transactions', icon: 'bill', order: 40, label: { 'zh-Hans': '明细', 'zh-Hant': '明細', en: 'Activity' } }],
}
