// Verifying who a person is, with number, document and face.
import { checkAccessibility } from '../lib/axe.mjs'
import { newcomer, photograph, register, verify } from '../lib/people.mjs'
import { picture } from '../lib/picture.mjs'
import { shot } from '../lib/shot.mjs'
import { suite } from '../lib/suite.mjs'

async function identity(page, person) {
  await page.goto('/verification')
  await page.getByRole('button', { name: '开始核验' }).click()
  await page.getByLabel('姓名').fill(person.name)
  await page.getByLabel('身份证号').fill(person.idNumber)
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('heading', { name: '身份证照片' }).waitFor()
}

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

  screen('shows the pictures, and says what is wrong with them', async ({ page, bank, viewport }) => {
    const person = newcomer()
    await register(page, bank, person)
    await identity(page, person)
    await page.getByRole('group', { name: '人像面' }).locator('input[type="file"]').last().setInputFiles({ name: 'x.png', mimeType: 'image/png', buffer: Buffer.from('no picture') })
    await page.getByRole('alert').filter({ hasText: '打不开' }).waitFor()
    await photograph(page, '人像面', picture('front'))
    await photograph(page, '国徽面', picture('back'))
    await checkAccessibility(page)
    await shot(page, `verification-documents-${viewport}`, { fullPage: true })
    await page.reload()
    await page.getByRole('heading', { name: '人脸照片' }).waitFor()
    await checkAccessibility(page)
    await shot(page, `verification-consent-${viewport}`)
    await page.getByRole('button', { name: '单独同意并继续' }).click()
    await photograph(page, '正脸照片', picture('face'))
    await shot(page, `verification-face-${viewport}`)
    await page.getByRole('button', { name: '下一步' }).click()
    await shot(page, `verification-review-${viewport}`)
  })
}, { args: ['--rate-scale', '50'] })
