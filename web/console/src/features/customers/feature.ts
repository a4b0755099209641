import { page, type Feature } from '@console/feature'
import { text } from './text'

/** Customers: found by something whole, and shown whole and masked. */
export const feature: Feature = {
  routes: [
    { path: '/customers', name: 'customers', component: page(() => import('./pages/search.vue'), text), meta: { needs: ['customer.search'] } },
    { path: '/customers/:id', name: 'customer', component: page(() => import('./pages/customer.vue'), text), props: true, meta: { needs: ['customer.view'], entry: 'customers' } },
    { path: '/customers/:id/transactions', name: 'customer-transactions', component: page(() => import('./pages/transactions.vue'), text), props: true, meta: { needs: ['payment.view_transfer'], entry: 'customers' } },
  ],
  entries: [{ group: 'work', to: 'customers', icon: 'me', order: 20, label: { 'zh-Hans': '客户', 'zh-Hant': '客戶', en: 'Customers' } }],
}
