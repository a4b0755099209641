// Verifying who a person is, with number, document and face.
import assert from 'node:assert/strict'
import { checkAccessibility } from '../lib/axe.mjs'
import { newcomer, photograph, register, verify } from '../lib/people.mjs'
import { picture } from '../lib/picture.mjs'
import { shot } from '../lib/shot.mjs'
import { suite } from '../lib/suite.mjs'
import { call, enter, stalls } from '../pages/person.mjs'

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

  // One of the demo's stalls was asked for a document a few days ago, the other let the days pass.
  screen('shows a document that class III asks for, in time or after its accounts have stood still', async ({ page, bank, viewport }) => {
    const late = viewport === 'phone'
    const person = late ? stalls.late : stalls.asked
    await enter(page, bank, person)
    const step = page.getByRole('link', { name: late ? /Ⅲ类账户已暂停使用/ : /请补充身份证件.*月.*日前完成/ })
    await step.waitFor()
    await checkAccessibility(page)
    await shot(page, `identify-home-${viewport}`)
    const { body } = await call(page, 'GET', '/accounts')
    assert.equal(body.items[0].identification.state, late ? 'restricted' : 'asked')
    assert.equal(body.items[0].frozen, late)
    await page.goto(`/accounts/${body.items[0].id}`)
    await page.getByText(late ? '账户已暂停使用' : '请补充身份证件').first().waitFor()
    await checkAccessibility(page)
    await shot(page, `identify-account-${viewport}`)
    await page.getByRole('link', { name: '拍摄身份证件' }).click()
    await page.getByLabel('姓名').fill(person.name)
    await page.getByLabel('身份证号').fill(person.idNumber)
    await page.getByRole('button', { name: '下一步' }).click()
    await photograph(page, '人像面', picture('front'))
    await photograph(page, '国徽面', picture('back'))
    await page.getByRole('button', { name: '下一步' }).click()
    await page.getByRole('button', { name: '只核验证件' }).click()
    await page.getByRole('heading', { name: '核验通过' }).waitFor({ timeout: 30_000 })
    const [account] = (await call(page, 'GET', '/accounts')).body.items
    assert.equal(account.identification, undefined)
    assert.equal(account.frozen, false)
    await page.goto('/')
    await page.getByText('总资产（元）').waitFor()
    assert.equal(await page.getByRole('link', { name: /身份证件|暂停使用/ }).count(), 0)
  })
}, { args: ['--rate-scale', '50'] })
