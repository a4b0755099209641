// The frame of a test file: one bank and one browser for the file, one fresh page for each test and size.
import { after, before, describe, it } from 'node:test'
import { startBank } from './bank.mjs'
import { launch, openPage, viewports } from './browser.mjs'
import { draw } from './shot.mjs'

/**
 * Declares the tests of one file.
 *
 *   suite('sign in', ({ screen }) => {
 *     screen('refuses a wrong password', async ({ page, bank, viewport }) => { ... })
 *   })
 *
 * A screen test runs once for each size (phone and desktop unless it says otherwise), with a page of its own
 * that is already watched: any console error, policy violation, 5xx or request to a stranger fails it.
 * A test that fails leaves a picture, test/e2e/shots/failed-*.png.
 * @param {string} name
 * @param {(tools: { screen: Function }) => void} define
 * @param {Parameters<typeof startBank>[0]} [bankOptions]
 */
export function suite(name, define, bankOptions = {}) {
  describe(name, () => {
    let bank
    let browser
    before(async () => {
      bank = await startBank(bankOptions)
      browser = await launch()
    })
    after(async () => {
      await browser?.close()
      await bank?.stop()
    })

    function screen(title, ...rest) {
      const run = rest.pop()
      const { sizes = ['phone', 'desktop'], ...options } = rest[0] ?? {}
      for (const viewport of sizes) {
        const { width, height } = viewports[viewport]
        it(`${title} (${width}×${height})`, async () => {
          const { page, context, watcher } = await openPage(browser, bank, { ...options, viewport })
          try {
            await run({ page, context, watcher, bank, browser, viewport })
            watcher.check()
          } catch (error) {
            await draw(page, `failed-${slug(name)}-${slug(title)}-${viewport}`).catch(() => {})
            throw withFindings(error, watcher, bank)
          } finally {
            await context.close()
          }
        })
      }
    }
    define({ screen })
  })
}

function withFindings(error, watcher, bank) {
  const findings = watcher.findings()
  const lines = bank.log().split('\n').filter(line => /"level":"(ERROR|WARN)"|level=(ERROR|WARN)|panic/.test(line)).slice(-10)
  if (findings.length > 0 && !error.message.includes(findings[0])) error.message += `\nthe page also said:\n  ${findings.join('\n  ')}`
  if (lines.length > 0) error.message += `\nthe bank said:\n  ${lines.join('\n  ')}`
  return error
}

const slug = text => text.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '')
