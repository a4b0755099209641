// The main screens, one line each: `make screenshots` draws them all at three sizes, light and dark.
// A room adds its screens here. `open` leads from the address to the state that the picture shows.
import { enter, ready } from './pages/person.mjs'
import { transferPages } from './pages/transfer.mjs'

/** @type {{ name: string, app: 'mobile' | 'console', path: string, open?: (tools: { page: import('playwright-core').Page, bank: import('./lib/bank.mjs').Bank }) => Promise<void> }[]} */
export const screens = [
  { name: 'welcome', app: 'mobile', path: '/' },
  ...[
    ['home', '/'], ['accounts', '/accounts'], ['transactions', '/transactions'], ['transfer', '/transfer'], ['payees', '/payees'],
    ['receive', '/receive'], ['messages', '/messages'], ['security', '/security'], ['me', '/me'],
  ].map(([name, path]) => ({ name, app: 'mobile', path: '/welcome', open: ({ page, bank }) => enter(page, bank, ready, path) })),
  {
    name: 'check', app: 'mobile', path: '/welcome',
    async open({ page, bank }) {
      await enter(page, bank, ready)
      await transferPages(page).fill('1280.50')
    },
  },
  { name: 'console-sign-in', app: 'console', path: '/' },
]
