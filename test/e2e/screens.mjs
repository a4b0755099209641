// The main screens, one line each: `make screenshots` draws them all at three sizes, light and dark.
// A room adds its screens here. `open` leads from the address to the state that the picture shows.

/** @type {{ name: string, app: 'mobile' | 'console', path: string, open?: (tools: { page: import('playwright-core').Page, bank: import('./lib/bank.mjs').Bank }) => Promise<void> }[]} */
export const screens = [
  { name: 'welcome', app: 'mobile', path: '/' },
  { name: 'console-sign-in', app: 'console', path: '/' },
]
