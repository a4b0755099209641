import { page, type Feature } from '@console/feature'
import { text } from './text'

/** Payments: one with its whole story, and asking for its reversal. */
export const feature: Feature = {
  routes: [
    { path: '/payments', name: 'payments', component: page(() => import('./pages/find.vue'), text), meta: { needs: ['payment.view_transfer'] } },
    { path: '/payments/:id', name: 'payment', component: page(() => import('./pages/payment.vue'), text), props: true, meta: { needs: ['payment.view_transfer'], entry: 'payments' } },
  ],
  entries: [{ group: 'money', to: 'payments', icon: 'send', order: 50, label: { 'zh-Hans': '支付', 'zh-Hant': '支付', en: 'Payments' } }],
}
