import { page, type Feature } from '@console/feature'
import { text } from './text'

/** The dated figures of the bank: read, compared, proposed. */
export const feature: Feature = {
  routes: [
    { path: '/rules', name: 'rules', component: page(() => import('./pages/list.vue'), text), meta: { needs: ['rule.list'] } },
    { path: '/rules/:ruleKey', name: 'rule', component: page(() => import('./pages/rule.vue'), text), props: true, meta: { needs: ['rule.list'], entry: 'rules' } },
  ],
  entries: [{ group: 'money', to: 'rules', icon: 'percent', order: 70, label: { 'zh-Hans': '规则', 'zh-Hant': '規則', en: 'Rules' } }],
}
