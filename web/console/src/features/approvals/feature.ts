import { page, type Feature } from '@console/feature'
import { text } from './text'

/** Four eyes: what waits for a decision, shown as before and after, and what I asked for. */
export const feature: Feature = {
  routes: [
    { path: '/approvals', name: 'approvals', component: page(() => import('./pages/list.vue'), text), meta: { needs: ['approval.view'] } },
    { path: '/approvals/delegations', name: 'delegations', component: page(() => import('./pages/delegations.vue'), text), meta: { needs: ['approval.delegate'], entry: 'approvals' } },
    { path: '/approvals/policies', name: 'approval-policies', component: page(() => import('./pages/policies.vue'), text), meta: { needs: ['approval.view_policies'], entry: 'approvals' } },
    { path: '/approvals/:id', name: 'approval', component: page(() => import('./pages/request.vue'), text), props: true, meta: { needs: ['approval.view'], entry: 'approvals' } },
  ],
  entries: [{ group: 'work', to: 'approvals', icon: 'shield', waiting: 'approvals', order: 40, label: { 'zh-Hans': '审批', 'zh-Hant': '審批', en: 'Approvals' } }],
}
