// The main screens, one line each: `make screenshots` draws them all at three sizes, light and dark.
// A room adds its screens here. `open` leads from the address to the state that the picture shows.
import { enter, ready } from './pages/person.mjs'
import { colleague, work } from './pages/staff.mjs'
import { depositPages } from './pages/deposits.mjs'
import { transferPages } from './pages/transfer.mjs'

/** The screens of who is signed in: a name and where it is. */
const own = [
  ['home', '/'], ['accounts', '/accounts'], ['open-account', '/accounts/open'], ['transactions', '/transactions'], ['search', '/search'], ['pay', '/pay'],
  ['transfer', '/transfer'], ['payees', '/payees'], ['receive', '/receive'], ['messages', '/messages'], ['message-preferences', '/messages/preferences'],
  ['security', '/security'], ['limits', '/security/limits'], ['passkeys', '/security/passkeys'], ['pin', '/security/pin'], ['freeze', '/security/freeze'],
  ['sessions', '/security/sessions'], ['sign-ins', '/security/sign-ins'], ['me', '/me'], ['profile', '/me/profile'], ['privacy', '/me/privacy'],
  ['wealth', '/wealth'], ['deposit-shelf', '/deposits/shelf'], ['deposit-product', '/deposits/shelf/certificate_3y'], ['deposit-open', '/deposits/open/term_1y'],
  ['deposit-pot', '/deposits/open/pot_1'], ['deposit-calendar', '/deposits/calendar?view=month'], ['deposit-calendar-list', '/deposits/calendar?view=list'], ['deposit-insurance', '/deposits/insurance'],
  ['deposit-offers', '/deposits/offers'], ['leave', '/me/leave'], ['verification', '/verification'], ['settings', '/settings'], ['help', '/help'], ['help-article', '/help/lost'], ['about', '/about'],
]

/** The screens of staff: a name, who works there and where it is. */
const desk = [
  ['today', 'operations', '/'], ['customers', 'operations', '/customers'], ['verifications', 'operations', '/verifications'], ['approvals', 'administrator', '/approvals?view=mine'], ['approval-policies', 'administrator', '/approvals/policies'], ['delegations', 'operations', '/approvals/delegations'],
  ['counter', 'operations', '/counter'], ['counter-register', 'teller', '/counter/register'],
  ['payments', 'operations', '/payments'], ['ledger', 'operations', '/ledger'], ['rules', 'risk_officer', '/rules'], ['alerts', 'compliance_officer', '/alerts'],
  ['audit', 'auditor', '/audit'], ['staff', 'administrator', '/staff'], ['branches', 'administrator', '/branches'], ['policies', 'administrator', '/policies'], ['system', 'administrator', '/system'],
  ['days', 'operations', '/days'], ['working-days', 'operations', '/days/calendar'], ['balance-sheet', 'operations', '/books'], ['profit-and-loss', 'operations', '/books/profit-and-loss'],
  ['manual-journal', 'operations', '/books/manual-journal'], ['products', 'product_manager', '/products'], ['product', 'product_manager', '/products/term_1y'],
]

/** @type {{ name: string, app: 'mobile' | 'console', path?: string, open?: (tools: { page: import('playwright-core').Page, bank: import('./lib/bank.mjs').Bank }) => Promise<void> }[]} */
export const screens = [
  ...[['welcome', '/'], ['sign-in', '/sign-in'], ['register', '/register'], ['forgot-password', '/forgot-password'], ['lost-phone', '/lost-phone']]
    .map(([name, path]) => ({ name, app: 'mobile', path })),
  ...own.map(([name, path]) => ({ name, app: 'mobile', open: ({ page, bank }) => enter(page, bank, ready, path) })),
  {
    name: 'account', app: 'mobile',
    async open({ page, bank }) {
      await enter(page, bank, ready, '/accounts')
      await page.getByRole('list', { name: '账户' }).getByRole('link').first().click()
      await page.waitForURL('**/accounts/acct_*')
    },
  },
  {
    name: 'transaction', app: 'mobile',
    async open({ page, bank }) {
      await enter(page, bank, ready, '/transactions?direction=out')
      await page.locator('.transaction').first().getByRole('link').click()
      await page.getByText('流水号').waitFor()
    },
  },
  {
    name: 'fill', app: 'mobile',
    async open({ page, bank }) {
      await enter(page, bank, ready)
      const pages = transferPages(page)
      await pages.open()
      await pages.amount.fill('1280.50')
    },
  },
  {
    name: 'check', app: 'mobile',
    async open({ page, bank }) {
      await enter(page, bank, ready)
      await transferPages(page).fill('1280.50')
    },
  },
  {
    name: 'result', app: 'mobile',
    async open({ page, bank }) {
      await enter(page, bank, ready)
      const pages = transferPages(page)
      await pages.fill('1.00', { arrival: '次日' })
      await pages.confirm()
      await pages.type(ready.pin)
      await page.getByRole('heading', { name: '已提交，等待到账' }).waitFor()
    },
  },
  ...['term_2y', 'certificate_3y', 'instalment_1y', 'notice_7d', 'pot_1'].map(product => ({
    name: `deposit-of-${product}`, app: 'mobile',
    async open({ page, bank }) {
      await enter(page, bank, ready, '/wealth')
      await page.goto(`/deposits/${(await depositPages(page).held(product)).id}`)
    },
  })),
  {
    name: 'deposit-withdraw-check', app: 'mobile',
    async open({ page, bank }) {
      await enter(page, bank, ready, '/wealth')
      const pages = depositPages(page)
      await page.goto(`/deposits/${(await pages.held('term_2y')).id}/withdraw`)
      await pages.next.click()
      await pages.check.waitFor()
    },
  },
  { name: 'console-sign-in', app: 'console', path: '/' },
  ...desk.map(([name, role, path]) => ({ name: `console-${name}`, app: 'console', open: ({ page, bank }) => work(page, bank, colleague(bank, role), path) })),
]
