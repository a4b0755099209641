import { page, type Feature } from '@app/feature'
import { text } from './text'

const meta = { place: 'wealth' as const }

/** Saving: what there is to choose from, what the person holds and what it brings, and every act on it in five beats. */
export const feature: Feature = {
  routes: [
    { path: '/wealth', name: 'wealth', component: page(() => import('./pages/wealth.vue'), text), meta: { frame: 'tabs', ...meta } },
    { path: '/deposits/shelf', name: 'deposit-shelf', component: page(() => import('./pages/shelf.vue'), text), meta },
    { path: '/deposits/shelf/:code', name: 'deposit-product', component: page(() => import('./pages/product.vue'), text), props: true, meta },
    { path: '/deposits/open/:code', name: 'deposit-open', component: page(() => import('./pages/open.vue'), text), props: true, meta },
    { path: '/deposits/calendar', name: 'interest-calendar', component: page(() => import('./pages/calendar.vue'), text), meta },
    { path: '/deposits/insurance', name: 'deposit-insurance', component: page(() => import('./pages/insurance.vue'), text), meta },
    { path: '/deposits/offers', name: 'deposit-offers', component: page(() => import('./pages/offers.vue'), text), meta },
    { path: '/deposits/offers/:offer', name: 'deposit-buy', component: page(() => import('./pages/buy.vue'), text), props: true, meta },
    { path: '/deposits/:id', name: 'deposit', component: page(() => import('./pages/detail.vue'), text), props: true, meta },
    { path: '/deposits/:id/add', name: 'deposit-add', component: page(() => import('./pages/add.vue'), text), props: true, meta },
    { path: '/deposits/:id/withdraw', name: 'deposit-withdraw', component: page(() => import('./pages/withdraw.vue'), text), props: true, meta },
    { path: '/deposits/:id/notice', name: 'deposit-notice', component: page(() => import('./pages/notice.vue'), text), props: true, meta },
    { path: '/deposits/:id/offer', name: 'deposit-offer', component: page(() => import('./pages/offer.vue'), text), props: true, meta },
    { path: '/deposits/:id/plan', name: 'deposit-plan', component: page(() => import('./pages/plan.vue'), text), props: true, meta },
    { path: '/deposits/:id/done', name: 'deposit-done', component: page(() => import('./pages/done.vue'), text), props: true, meta },
    { path: '/deposits/:id/interest', name: 'deposit-interest', component: page(() => import('./pages/interest.vue'), text), props: true, meta },
    { path: '/accounts/:id/interest', name: 'account-interest', component: page(() => import('./pages/interest.vue'), text), props: ({ params }) => ({ id: params['id'], current: true }), meta },
  ],
  entries: [
    { in: ['acts', 'wealth'], to: 'deposit-shelf', icon: 'grow', order: 40, label: { 'zh-Hans': '存款', 'zh-Hant': '存款', en: 'Save' } },
    { in: ['wealth'], to: 'interest-calendar', icon: 'calendar', order: 50, label: { 'zh-Hans': '利息日历', 'zh-Hant': '利息日曆', en: 'Interest calendar' } },
    { in: ['wealth'], to: 'deposit-offers', icon: 'send', order: 60, label: { 'zh-Hans': '存单转让', 'zh-Hant': '存單轉讓', en: 'Certificates on offer' } },
    { in: ['wealth'], to: 'deposit-insurance', icon: 'umbrella', order: 70, label: { 'zh-Hans': '存款保险', 'zh-Hant': '存款保險', en: 'Deposit insurance' } },
    { in: ['me-money'], to: 'wealth', icon: 'grow', order: 55, label: { 'zh-Hans': '我的存款', 'zh-Hant': '我的存款', en: 'My deposits' } },
  ],
}
