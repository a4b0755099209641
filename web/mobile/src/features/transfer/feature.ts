import { page, type Feature } from '@app/feature'
import { text } from './text'

/** Paying somebody, in five beats: fill, check, prove, wait, result. */
export const feature: Feature = {
  routes: [
    { path: '/transfer', name: 'transfer', component: page(() => import('./pages/payee.vue'), text), meta: { place: 'pay' } },
    { path: '/transfer/fill', name: 'transfer-fill', component: page(() => import('./pages/fill.vue'), text), meta: { place: 'pay' } },
    { path: '/transfer/:id', name: 'transfer-result', component: page(() => import('./pages/result.vue'), text), props: true, meta: { place: 'pay' } },
    // What the QR of a customer says: any camera opens it.
    { path: '/pay/:code', name: 'pay-code', redirect: (to) => ({ name: 'transfer', query: { qr: to.path } }) },
  ],
  entries: [
    {
      in: ['acts', 'pay'], to: 'transfer', icon: 'send', order: 10,
      label: { 'zh-Hans': '转账', 'zh-Hant': '轉帳', en: 'Transfer' },
      note: { 'zh-Hans': '账号、手机号、收款码都可以', 'zh-Hant': '帳號、手機號、收款碼都可以', en: 'By account, phone number or QR code' },
    },
  ],
}
