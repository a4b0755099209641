import { page, type Feature } from '@app/feature'
import { text } from './text'

/** The book of people whom the person pays. */
export const feature: Feature = {
  routes: [
    { path: '/payees', name: 'payees', component: page(() => import('./pages/list.vue'), text), meta: { place: 'pay' } },
    { path: '/payees/add', name: 'payee-add', component: page(() => import('./pages/add.vue'), text), meta: { place: 'pay' } },
  ],
  entries: [{ in: ['acts', 'pay', 'me-money'], to: 'payees', icon: 'payee', order: 30, label: { 'zh-Hans': '收款人', 'zh-Hant': '收款人', en: 'Payees' } }],
}
