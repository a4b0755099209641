// Verifying who a person is, with number, document and face.
import { checkAccessibility } from '../lib/axe.mjs'
import { newcomer, register, verify } from '../lib/people.mjs'
import { shot } from '../lib/shot.mjs'
import { suite } from '../lib/suite.mjs'

suite('verification', ({ screen }) => {
  screen('goes from name and number to document and face, and opens accounts', async ({ page, bank, viewport }) => {
    const person = newcomer()
    await register(page, bank, person)
    await page.goto('/verification')
    await page.getByRole('heading', { name: '让银行认识你' }).waitFor()
    await checkAccessibility(page)
    await shot(page, `verification-intro-${viewport}`)
    await page.getByRole('button', { name: '开始核验' }).click()
    await page.getByLabel('身份证号').fill(person.idNumber.slice(0, 17) + (person.idNumber.endsWith('1') ? '2' : '1'))
    await page.getByRole('alert').filter({ hasText: '请对照证件检查' }).waitFor()
    await checkAccessibility(page)
    await shot(page, `verification-identity-${viewport}`)
    await verify(page, person)
    await checkAccessibility(page)
    await shot(page, `verification-passed-${viewport}`, { fullPage: true })
    await page.getByRole('link', { name: '开立账户' }).click()
    await page.waitForURL(url => url.pathname === '/accounts/open')
  })
}, { args: ['--rate-scale', '50'] })
