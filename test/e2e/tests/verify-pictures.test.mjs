// The pictures of a verification: shown, taken again, kept when the page is loaded anew.
import { checkAccessibility } from '../lib/axe.mjs'
import { newcomer, photograph, register } from '../lib/people.mjs'
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

suite('pictures of a verification', ({ screen }) => {
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
