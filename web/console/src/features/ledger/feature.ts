import { page, type Feature } from '@console/feature'
import { text } from './text'

/** The books: trial balance, entries of an account, journals. */
export const feature: Feature = {
  routes: [
    { path: '/ledger', name: 'ledger', component: page(() => import('./pages/trial-balance.vue'), text), meta: { needs: ['ledger.trial_balance'] } },
    { path: '/ledger/accounts/:id', name: 'ledger-account', component: page(() => import('./pages/account.vue'), text), props: true, meta: { needs: ['ledger.view_account'], entry: 'ledger' } },
    { path: '/ledger/journals/:id', name: 'journal', component: page(() => import('./pages/journal.vue'), text), props: true, meta: { needs: ['ledger.view_account'], entry: 'ledger' } },
    { path: '/ledger/examinations', name: 'examinations', component: page(() => import('./pages/examinations.vue'), text), meta: { needs: ['ledger.verify'] } },
  ],
  entries: [
    { group: 'money', to: 'ledger', icon: 'book', order: 60, label: { 'zh-Hans': '总账', 'zh-Hant': '總帳', en: 'Ledger' } },
    { group: 'money', to: 'examinations', icon: 'check', order: 70, label: { 'zh-Hans': '核对账簿', 'zh-Hant': '核對帳簿', en: 'Verify the books' } },
  ],
}
