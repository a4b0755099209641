// Every page of a person's own place: named, accessible, and never wider than the screen.
import assert from 'node:assert/strict'
import { checkAccessibility } from '../lib/axe.mjs'
import { shot } from '../lib/shot.mjs'
import { suite } from '../lib/suite.mjs'
import { signIn, somebody } from '../pages/person.mjs'

suite('own pages', ({ screen }) => {
  screen('every page of the person’s own place is named, accessible and fits', async ({ page, bank, viewport }) => {
    await signIn(page, bank, somebody(viewport === 'phone' ? 20 : 21))
    for (const [name, path] of [
      ['me', '/me'], ['profile', '/me/profile'], ['contact', '/me/contact/phone'], ['privacy', '/me/privacy'], ['consents', '/me/privacy/consents'],
      ['access', '/me/privacy/access'], ['my-data', '/me/privacy/data'], ['leave', '/me/leave'],
    ]) {
      await page.goto(path)
      await page.locator('main [role="status"][aria-busy="true"]').first().waitFor({ state: 'detached' })
      await page.locator('h1').waitFor()
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      assert.ok(overflow <= 0, `${path} is ${overflow} px too wide`)
      await checkAccessibility(page)
      await shot(page, `${name}-${viewport}`, { fullPage: true })
    }
  })
}, { args: ['--rate-scale', '50'] })
