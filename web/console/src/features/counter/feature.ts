import { page, type Feature } from '@console/feature'
import { text } from './text'

/** The counter: a teller's till, and the customer who stands there. Everything works without a mouse. */
export const feature: Feature = {
  routes: [
    { path: '/counter', name: 'counter', component: page(() => import('./pages/tills.vue'), text), meta: { needs: ['cash.view_till'] } },
    { path: '/counter/tills/:id', name: 'till', component: page(() => import('./pages/till.vue'), text), props: true, meta: { needs: ['cash.view_till'], entry: 'counter' } },
    { path: '/counter/register', name: 'counter-register', component: page(() => import('./pages/register.vue'), text), meta: { needs: ['customer.register'], entry: 'counter' } },
    { path: '/counter/customers/:id', name: 'counter-customer', component: page(() => import('./pages/serve.vue'), text), props: true, meta: { needs: ['customer.register'], entry: 'counter' } },
  ],
  entries: [{ group: 'work', to: 'counter', icon: 'coin', order: 15, label: { 'zh-Hans': '柜面', 'zh-Hant': '櫃面', en: 'Counter' } }],
}
