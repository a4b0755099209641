import { page, type Feature } from '@console/feature'
import { text } from './text'

/** The verification desk: cases that wait for a person, documents side by side, a decision with a reason. */
export const feature: Feature = {
  routes: [
    { path: '/verifications', name: 'verifications', component: page(() => import('./pages/list.vue'), text), meta: { needs: ['customer.list_reviews'] } },
    { path: '/verifications/:id', name: 'verification', component: page(() => import('./pages/case.vue'), text), props: true, meta: { needs: ['customer.view_review'], entry: 'verifications' } },
  ],
  entries: [{ group: 'work', to: 'verifications', icon: 'id', waiting: 'verifications', order: 30, label: { 'zh-Hans': '身份核验', 'zh-Hant': '身分核驗', en: 'Verification' } }],
}
