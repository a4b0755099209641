import { page, type Feature } from '@console/feature'
import { text } from './text'

/** Who works here and where, as what, and what that allows. */
export const feature: Feature = {
  routes: [
    { path: '/staff', name: 'staff', component: page(() => import('./pages/list.vue'), text), meta: { needs: ['access.list_staff'] } },
    { path: '/staff/:id', name: 'member', component: page(() => import('./pages/member.vue'), text), props: true, meta: { needs: ['access.list_staff'], entry: 'staff' } },
    { path: '/branches', name: 'branches', component: page(() => import('./pages/branches.vue'), text), meta: { needs: ['access.list_branches'] } },
    { path: '/policies', name: 'policies', component: page(() => import('./pages/policies.vue'), text), meta: { needs: ['access.view_policies'] } },
  ],
  entries: [
    { group: 'house', to: 'staff', icon: 'users', order: 100, label: { 'zh-Hans': '员工', 'zh-Hant': '員工', en: 'Staff' } },
    { group: 'house', to: 'branches', icon: 'building', order: 110, label: { 'zh-Hans': '网点', 'zh-Hant': '網點', en: 'Branches' } },
    { group: 'house', to: 'policies', icon: 'key', order: 120, label: { 'zh-Hans': '权限', 'zh-Hant': '權限', en: 'Permissions' } },
  ],
}
