import { announce } from '@shared/use/toast'
import { createRouter, createWebHistory, type RouteLocationNormalized, type RouteLocationRaw } from 'vue-router'
import { hooks } from './api'
import { page } from './feature'
import { featureRoutes } from './features'
import { forget, loadSession, useSession } from './session'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    ...featureRoutes,
    ...(import.meta.env.DEV ? [{ path: '/kit', name: 'kit', component: page(() => import('./pages/kit.vue')), meta: { session: 'any' as const } }] : []),
    { path: '/:path(.*)*', name: 'not-found', component: page(() => import('./pages/not-found.vue')), meta: { session: 'any' } },
  ],
  scrollBehavior: (to, from, saved) => saved ?? (to.path === from.path ? false : { top: 0 }),
})

router.beforeEach(async (to) => {
  const need = to.meta.session ?? 'needed'
  if (need === 'any') {
    void loadSession()
    return true
  }
  await loadSession()
  return lead(to, need)
})

/** Where a person goes who may not be where they want to be. */
function lead(to: RouteLocationNormalized, need: 'needed' | 'none'): true | RouteLocationRaw {
  const { status } = useSession().value
  if (need === 'needed' && status === 'out') {
    return to.name === 'home' || !router.hasRoute('sign-in') ? { name: 'welcome' } : { name: 'sign-in', query: { next: to.fullPath } }
  }
  if (need === 'none' && status === 'in') return nextOf(to)
  return true
}

/** Where to go after signing in: the page that was asked for, if it is one of ours; never an address of elsewhere. */
export function nextOf(from: Pick<RouteLocationNormalized, 'query'>): RouteLocationRaw {
  const { next } = from.query
  if (typeof next === 'string' && /^\/(?![/\\])/.test(next) && router.resolve(next).name !== 'not-found') return next
  return router.hasRoute('home') ? { name: 'home' } : { name: 'me' }
}

router.afterEach((to, from, failure) => {
  // The page has set its title when it is drawn; readers hear it, as they would on a page load.
  if (failure === undefined && to.path !== from.path && from.matched.length > 0) setTimeout(() => announce(document.title.split(' · ')[0] ?? ''), 100)
})

router.onError((error: unknown, to) => {
  // A part of an older version is gone from the server: the page as a whole is fetched again, once.
  if (error instanceof TypeError && navigator.onLine && sessionStorage.getItem('tongbao.refetched') !== to.fullPath) {
    sessionStorage.setItem('tongbao.refetched', to.fullPath)
    location.assign(to.fullPath)
  }
})

hooks.signedOut = () => {
  forget()
  const here = router.currentRoute.value
  // Before the first page is open there is nothing to leave: the guard decides.
  if (here.matched.length > 0 && (here.meta.session ?? 'needed') === 'needed') void router.replace(lead(here, 'needed') as RouteLocationRaw) // out and needed: never `true`
}
