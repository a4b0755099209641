// Opens pages of the system's Chromium at the three sizes that the apps are designed for.
import { existsSync } from 'node:fs'
import { chromium } from 'playwright-core'
import { watch } from './watch.mjs'

/** The sizes of experience.md: a phone in the hand, a tablet, a desk; and the smallest screen that staff work at. */
export const viewports = {
  phone: { width: 390, height: 844 },
  tablet: { width: 768, height: 1024 },
  laptop: { width: 1024, height: 768 },
  desktop: { width: 1440, height: 900 },
}

/** Flags with which Chromium neither needs a sandbox nor asks the network for anything of its own. */
export const chromiumFlags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
]

/** The system's browser: CHROMIUM, or where Debian and others put it. */
export function chromiumPath() {
  const known = [
    process.env.CHROMIUM,
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ]
  const found = known.find(path => path && existsSync(path))
  if (!found) throw new Error('no Chromium found: install it, or set CHROMIUM=/path/to/chrome')
  return found
}

export function launch() {
  return chromium.launch({ executablePath: chromiumPath(), args: chromiumFlags, headless: true })
}

/** Runs in the page: a browser that forbids service workers. */
function blockWorkers() {
  if (navigator.serviceWorker) navigator.serviceWorker.register = () => Promise.reject(new DOMException('blocked', 'SecurityError'))
}

const actionSeconds = 10

/**
 * Opens a page in a context of its own (no cookies, no storage of other tests) with a watcher on it.
 * @param {import('playwright-core').Browser} browser
 * @param {import('./bank.mjs').Bank} bank
 * @param {{ viewport?: keyof typeof viewports, app?: 'mobile' | 'console', locale?: string, colorScheme?: 'light' | 'dark',
 *   reducedMotion?: 'reduce' | 'no-preference', serviceWorkers?: 'allow' | 'block', sharp?: boolean, tolerate?: RegExp[] }} [options]
 *   serviceWorkers: blocked unless allowed, because each first visit would fetch the whole shell; sharp: drawn as on a phone, for pictures
 */
export async function openPage(browser, bank, options = {}) {
  const {
    viewport = 'phone', app = 'mobile', locale = 'zh-CN', colorScheme = 'light', reducedMotion = 'reduce',
    serviceWorkers = 'block', sharp = false, tolerate = [],
  } = options
  const context = await browser.newContext({
    baseURL: bank[app],
    viewport: viewports[viewport],
    hasTouch: viewport === 'phone' || viewport === 'tablet',
    isMobile: viewport === 'phone',
    deviceScaleFactor: sharp && viewport === 'phone' ? 2 : 1,
    locale,
    timezoneId: 'Asia/Shanghai',
    colorScheme,
    reducedMotion,
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  context.setDefaultTimeout(actionSeconds * 1000)
  if (serviceWorkers === 'block') await context.addInitScript(blockWorkers)
  const watcher = await watch(context, { origins: [bank.mobile, bank.console], tolerate })
  const page = await context.newPage()
  return { page, context, watcher }
}
