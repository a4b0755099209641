import { page, type Feature } from '@app/feature'
import { text as accountsText } from '../accounts/text'
import { text } from './text'

/** Being paid: one's own QR code, and whether one's phone number is found. */
export const feature: Feature = {
  routes: [{ path: '/receive', name: 'receive', component: page(() => import('./pages/receive.vue'), text, accountsText), meta: { place: 'pay' } }],
  entries: [
    {
      in: ['acts', 'pay'], to: 'receive', icon: 'receive', order: 20,
      label: { 'zh-Hans': '收款', 'zh-Hant': '收款', en: 'Receive' },
      note: { 'zh-Hans': '出示收款码，或把账号给对方', 'zh-Hant': '出示收款碼，或把帳號給對方', en: 'Show your QR code, or give your account number' },
    },
  ],
}
