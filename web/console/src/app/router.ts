import { createRouter, createWebHistory } from 'vue-router'
import { useSession } from './session'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/sign-in', name: 'sign-in', component: () => import('./pages/sign-in.vue'), meta: { open: true } },
    { path: '/', name: 'today', component: () => import('./pages/today.vue') },
    { path: '/:path(.*)*', name: 'not-found', component: () => import('./pages/not-found.vue') },
  ],
})

router.beforeEach(async (to) => {
  const { state, load } = useSession()
  await load()
  if (to.meta['open'] === true) return state.value.status === 'in' ? { name: 'today' } : true
  return state.value.status === 'in' ? true : { name: 'sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
})
