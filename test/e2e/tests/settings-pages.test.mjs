// Settings, limits, help and agreements: named, accessible, and never wider than the screen, in both schemes.
import assert from 'node:assert/strict'
import { checkAccessibility } from '../lib/axe.mjs'
import { shot } from '../lib/shot.mjs'
import { suite } from '../lib/suite.mjs'
import { signIn, somebody } from '../pages/person.mjs'

suite('settings pages', ({ screen }) => {
  screen('every page of settings and help is named, accessible and fits', { colorScheme: 'dark' }, async ({ page, bank, viewport }) => {
    await signIn(page, bank, somebody(viewport === 'phone' ? 20 : 21))
    for (const [name, path] of [
      ['limits', '/security/limits'], ['settings', '/settings'], ['help', '/help'], ['help-article', '/help/lost'], ['agreements', '/agreements'], ['about', '/about'],
    ]) {
      await page.goto(path)
      await page.locator('main [role="status"][aria-busy="true"]').first().waitFor({ state: 'detached' })
      await page.locator('h1').waitFor()
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      assert.ok(overflow <= 0, `${path} is ${overflow} px too wide`)
      await checkAccessibility(page)
      await shot(page, `${name}-${viewport}-dark`, { fullPage: true })
    }
  })
}, { args: ['--rate-scale', '50'] })
