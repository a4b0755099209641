import { page, type Feature } from '@console/feature'
import { text } from './text'

/** The business day and its end: states, steps, what was set aside, working days. */
export const feature: Feature = {
  routes: [
    { path: '/days', name: 'days', component: page(() => import('./pages/days.vue'), text), meta: { needs: ['day.view'] } },
    { path: '/days/calendar', name: 'working-days', component: page(() => import('./pages/calendar.vue'), text), meta: { needs: ['day.view'], entry: 'days' } },
    { path: '/days/:date', name: 'day', component: page(() => import('./pages/day.vue'), text), props: true, meta: { needs: ['day.view'], entry: 'days' } },
  ],
  entries: [{ group: 'money', to: 'days', icon: 'clock', order: 61, label: { 'zh-Hans': '日终', 'zh-Hant': '日終', en: 'End of day' } }],
}
