// Pictures of screens, for people who changed one and for the README. They are not compared: a person looks at them.
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = join(dirname(fileURLToPath(import.meta.url)), '../shots')

/** A picture of a test's page, when pictures are asked for: SHOTS=1. They cost a third of a second each. */
export async function shot(page, name, options) {
  if (process.env.SHOTS) await draw(page, name, options)
}

/**
 * Writes test/e2e/shots/<name>.png when everything on the page has come to rest.
 * @param {import('playwright-core').Page} page
 * @param {string} name for example "home-phone-dark"
 * @param {{ fullPage?: boolean }} [options]
 */
export async function draw(page, name, { fullPage = false } = {}) {
  await mkdir(folder, { recursive: true })
  await page.evaluate(() => document.fonts.ready)
  const path = join(folder, `${name}.png`)
  await page.screenshot({ path, fullPage, animations: 'disabled', caret: 'hide' })
  return path
}
