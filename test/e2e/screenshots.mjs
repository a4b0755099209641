// Draws every screen of screens.mjs into shots/. Usage: node screenshots.mjs [--size phone|tablet|desktop] [part of a name]...
import { startBank } from './lib/bank.mjs'
import { launch, openPage } from './lib/browser.mjs'
import { draw as paint } from './lib/shot.mjs'
import { screens } from './screens.mjs'

const wanted = process.argv.slice(2)
const sizeAt = wanted.indexOf('--size')
const only = sizeAt < 0 ? undefined : wanted.splice(sizeAt, 2)[1]
const sizes = { mobile: ['phone', 'tablet', 'desktop'], console: ['desktop'] }

const bank = await startBank()
const browser = await launch()
try {
  for (const screen of screens.filter(({ name }) => wanted.length === 0 || wanted.some(part => name.includes(part)))) {
    for (const viewport of sizes[screen.app].filter(size => only === undefined || size === only)) {
      for (const colorScheme of ['light', 'dark']) await draw(screen, viewport, colorScheme)
    }
  }
} finally {
  await browser.close()
  await bank.stop()
}

async function draw({ name, app, path, open }, viewport, colorScheme) {
  const { page, context, watcher } = await openPage(browser, bank, { app, viewport, colorScheme, sharp: true })
  try {
    if (open) await open({ page, bank })
    else await page.goto(path)
    await page.locator('#app > *').first().waitFor()
    await page.waitForLoadState('networkidle')
    process.stdout.write(`${await paint(page, `${name}-${viewport}-${colorScheme}`)}\n`)
    watcher.check()
  } finally {
    await context.close()
  }
}
