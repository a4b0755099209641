// What a person sets: limits, nickname, e-mail, consents, language; and a copy of their data.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { checkAccessibility } from '../lib/axe.mjs'
import { oneTimeCode } from '../lib/inbox.mjs'
import { prove, typeCode } from '../lib/people.mjs'
import { shot } from '../lib/shot.mjs'
import { suite } from '../lib/suite.mjs'
import { signIn, somebody } from '../pages/person.mjs'

suite('settings', ({ screen }) => {
  screen('lowering a limit is free, raising it asks for a proof', async ({ page, bank, viewport }) => {
    const person = somebody(viewport === 'phone' ? 22 : 25)
    await signIn(page, bank, person)
    await page.goto('/security/limits')
    const single = page.getByRole('button', { name: /每笔最多/ })
    await single.click()
    const sheet = page.getByRole('dialog')
    await sheet.getByLabel('金额（元）').fill('1200')
    await shot(page, `limit-sheet-${viewport}`)
    await sheet.getByRole('button', { name: '保存' }).click()
    await page.getByText('限额已更新').waitFor()
    assert.match(await single.innerText(), /¥1,200\.00/)
    await single.click()
    await sheet.getByLabel('金额（元）').fill('99999999')
    await sheet.getByRole('button', { name: /保存|调高/ }).click()
    await sheet.getByRole('alert').filter({ hasText: '不能超过' }).waitFor()
    await sheet.getByLabel('金额（元）').fill('2500.50')
    await sheet.getByRole('button', { name: '验证并调高' }).click()
    const proof = page.getByRole('dialog', { name: '确认是你本人' })
    await proof.getByLabel('登录密码').fill(person.password)
    await proof.getByRole('button', { name: '确认' }).click()
    await page.getByText('¥2,500.50').waitFor()
  })

  screen('nickname, e-mail and consents', async ({ page, bank, viewport }) => {
    const person = somebody(viewport === 'phone' ? 23 : 26)
    await signIn(page, bank, person)
    await page.goto('/me/profile')
    await page.getByRole('button', { name: /昵称/ }).click()
    await page.getByRole('dialog').getByLabel(/昵称/).fill('小舟')
    await page.getByRole('dialog').getByRole('button', { name: '保存' }).click()
    await page.getByText('已保存').waitFor()
    await page.getByRole('link', { name: /邮箱/ }).click()
    const address = `xiaozhou-${viewport}@example.org`
    await page.getByLabel('邮箱').fill(address)
    await page.getByRole('button', { name: '获取验证码' }).click()
    await page.locator('input[autocomplete="one-time-code"]').waitFor()
    await typeCode(page, await oneTimeCode(bank, address))
    await prove(page, bank, person)
    await page.getByText('邮箱已更换').waitFor()

    await page.goto('/me/privacy/consents')
    const offers = page.getByRole('switch', { name: '营销信息' })
    const before = await offers.getAttribute('aria-checked')
    await offers.click()
    await page.waitForFunction(was => document.querySelectorAll('[role="switch"]')[[...document.querySelectorAll('[role="switch"]')].findIndex(s => s.innerText.includes('营销'))]?.getAttribute('aria-checked') !== was, before)
  })

  screen('a copy of the data is made, and fetched with two factors', async ({ page, bank, viewport }) => {
    const person = somebody(viewport === 'phone' ? 24 : 27) // of their own: a code to prove with is sent once a minute
    await signIn(page, bank, person)
    await page.goto('/me/privacy/data')
    await page.getByRole('button', { name: '申请一份' }).click()
    await page.getByRole('button', { name: '下载' }).click({ timeout: 30_000 })
    const download = page.waitForEvent('download')
    await prove(page, bank, person)
    const file = await readFile(await (await download).path())
    assert.equal(file.subarray(0, 2).toString(), 'PK')
  })

  screen('language, large type and colours are kept', async ({ page }) => {
    await page.goto('/settings')
    await page.getByRole('switch', { name: '大字模式' }).click()
    await page.getByRole('link', { name: /语言/ }).click()
    await page.getByRole('button', { name: 'English' }).click()
    await page.getByRole('heading', { name: 'Language' }).waitFor()
    await page.reload()
    assert.equal(await page.locator('html').getAttribute('lang'), 'en')
    assert.equal(await page.locator('html').getAttribute('data-type'), 'large')
    await checkAccessibility(page)
  })
}, { args: ['--rate-scale', '50'] })
