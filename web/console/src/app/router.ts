import { announce } from '@shared/use/toast'
import { createRouter, createWebHistory, type RouteLocationNormalized, type RouteLocationRaw } from 'vue-router'
import { hooks } from './api'
import { featureRoutes } from './features'
import { forget, loadSession, may, useSession } from './session'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/sign-in', name: 'sign-in', component: () => import('./pages/sign-in.vue'), meta: { open: true } },
    { path: '/invitation', name: 'invitation', component: () => import('./pages/invitation.vue'), meta: { open: true } },
    ...featureRoutes,
    { path: '/:path(.*)*', name: 'not-found', component: () => import('./pages/not-found.vue') },
  ],
})

router.beforeEach(async (to) => {
  await loadSession()
  const here = useSession().value.status === 'in'
  if (to.meta.open === true) return here ? { name: 'today' } : true
  if (!here) return { name: 'sign-in', query: to.fullPath === '/' ? {} : { next: to.fullPath } }
  if (to.meta.needs !== undefined && !may(...to.meta.needs)) return { name: 'not-found', params: { path: to.path.split('/').slice(1) }, query: to.query }
  return true
})

router.afterEach((to, from, failure) => {
  // The page has set its title when it is drawn; readers hear it, as they would on a page load.
  if (failure === undefined && to.path !== from.path && from.matched.length > 0) setTimeout(() => announce(document.title.split(' · ')[0] ?? ''), 100)
})

/** Where to go after signing in: the page that was asked for, if it is one of ours; never an address of elsewhere. */
export function nextOf({ query: { next } }: Pick<RouteLocationNormalized, 'query'>): RouteLocationRaw {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : { name: 'today' }
}

hooks.signedOut = () => {
  forget()
  const here = router.currentRoute.value
  if (here.matched.length > 0 && here.meta.open !== true) void router.replace({ name: 'sign-in', query: { next: here.fullPath } })
}
