import { page, type Feature } from '@app/feature'
import { text } from './text'

/** The person's accounts: what is in them, what may be done with them, and new ones. */
export const feature: Feature = {
  routes: [
    { path: '/accounts', name: 'accounts', component: page(() => import('./pages/list.vue'), text), meta: { frame: 'tabs', place: 'wealth' } },
    { path: '/accounts/open', name: 'open-account', component: page(() => import('./pages/open.vue'), text), meta: { place: 'wealth' } },
    { path: '/accounts/:id', name: 'account', component: page(() => import('./pages/detail.vue'), text), props: true, meta: { place: 'wealth' } },
  ],
  entries: [{ in: ['me-money'], to: 'accounts', icon: 'card', order: 50, label: { 'zh-Hans': '账户', 'zh-Hant': '帳戶', en: 'Accounts' } }],
}
