import { page, type Feature } from '@console/feature'
import { text } from './text'

/** What the books tell: balance sheet, profit and loss, suspense, closes of years; and journals made by hand. */
export const feature: Feature = {
  routes: [
    { path: '/books', name: 'balance-sheet', component: page(() => import('./pages/balance-sheet.vue'), text), meta: { needs: ['ledger.trial_balance'] } },
    { path: '/books/profit-and-loss', name: 'profit-and-loss', component: page(() => import('./pages/profit-and-loss.vue'), text), meta: { needs: ['ledger.trial_balance'], entry: 'balance-sheet' } },
    { path: '/books/suspense', name: 'suspense', component: page(() => import('./pages/suspense.vue'), text), meta: { needs: ['ledger.trial_balance'], entry: 'balance-sheet' } },
    { path: '/books/periods', name: 'periods', component: page(() => import('./pages/periods.vue'), text), meta: { needs: ['ledger.trial_balance'], entry: 'balance-sheet' } },
    { path: '/books/manual-journal', name: 'manual-journal', component: page(() => import('./pages/manual-journal.vue'), text), meta: { needs: ['ledger.manual_journal'], entry: 'balance-sheet' } },
  ],
  entries: [{ group: 'money', to: 'balance-sheet', icon: 'chart', order: 62, label: { 'zh-Hans': '报表', 'zh-Hant': '報表', en: 'Reports' } }],
}
