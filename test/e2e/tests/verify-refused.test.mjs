// Verifications that do not pass at once: refused with a reason, or decided later.
import assert from 'node:assert/strict'
import { checkAccessibility } from '../lib/axe.mjs'
import { newcomer, register } from '../lib/people.mjs'
import { shot } from '../lib/shot.mjs'
import { suite } from '../lib/suite.mjs'

const withSerial = (person, serial) => {
  const digits = person.idNumber.slice(0, 14) + serial
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  return digits + '10X98765432'[weights.reduce((sum, weight, index) => sum + weight * Number(digits[index]), 0) % 11]
}

async function identity(page, person) {
  await page.goto('/verification')
  await page.getByRole('button', { name: '开始核验' }).click()
  await page.getByLabel('姓名').fill(person.name)
  await page.getByLabel('身份证号').fill(person.idNumber)
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('heading', { name: '身份证照片' }).waitFor()
}

suite('verification that waits or fails', ({ screen }) => {
  screen('says why it was refused, and what to do next', async ({ page, bank, viewport }) => {
    const person = newcomer()
    person.idNumber = withSerial(person, '981') // the simulator's: name and number do not belong together
    await register(page, bank, person)
    await identity(page, person)
    await page.getByRole('button', { name: '只核验姓名和号码' }).click()
    await page.getByRole('heading', { name: '没有通过' }).waitFor({ timeout: 30_000 })
    await page.getByText('姓名与身份证号不一致').waitFor()
    await checkAccessibility(page)
    await shot(page, `verification-refused-${viewport}`)
    await page.getByRole('button', { name: '重新核验' }).click()
    await page.getByLabel('姓名').waitFor()
  })

  screen('a result that takes its time comes by itself, and the page may be left', { sizes: ['phone'] }, async ({ page, bank, viewport }) => {
    const person = newcomer()
    person.idNumber = withSerial(person, '982') // the simulator's: the register answers after twenty seconds
    await register(page, bank, person)
    await identity(page, person)
    await page.getByRole('button', { name: '只核验姓名和号码' }).click()
    await page.getByRole('heading', { name: '正在核验' }).waitFor()
    await checkAccessibility(page)
    await shot(page, `verification-pending-${viewport}`)
    await page.getByRole('link', { name: '先去别处' }).click()
    await page.waitForURL(url => url.pathname === '/')
    await page.goto('/verification')
    await page.getByRole('heading', { name: '核验通过' }).waitFor({ timeout: 60_000 })
    assert.equal(await page.getByText('已完成', { exact: true }).count(), 1)
  })
}, { args: ['--rate-scale', '50'] })
