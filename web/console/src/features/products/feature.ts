import { page, type Feature } from '@console/feature'
import { text } from './text'

/** What the bank sells: terms and rates by version, compared and proposed. */
export const feature: Feature = {
  routes: [
    { path: '/products', name: 'products', component: page(() => import('./pages/list.vue'), text), meta: { needs: ['catalog.view'] } },
    { path: '/products/:code', name: 'product', component: page(() => import('./pages/product.vue'), text), props: true, meta: { needs: ['catalog.view'], entry: 'products' } },
  ],
  entries: [{ group: 'money', to: 'products', icon: 'tag', order: 68, label: { 'zh-Hans': '产品', 'zh-Hant': '產品', en: 'Products' } }],
}
