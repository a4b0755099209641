// What proves a payment: PIN, passkey, and more than one of them when the amount is large; and what happens when it fails.
import assert from 'node:assert/strict'
import { checkAccessibility } from '../lib/axe.mjs'
import { addAuthenticator } from '../lib/passkey.mjs'
import { prove } from '../lib/people.mjs'
import { shot } from '../lib/shot.mjs'
import { suite } from '../lib/suite.mjs'
import { enter, somebody } from '../pages/person.mjs'
import { newMemo, paidWith, transferPages } from '../pages/transfer.mjs'

const payee = somebody(1)

suite('transfer, proofs', ({ screen }) => {
  screen('a passkey pays instead of the PIN, and a finger that is not known pays nothing', async ({ page, bank, viewport }) => {
    const person = somebody(viewport === 'phone' ? 14 : 15)
    const authenticator = await addAuthenticator(page)
    await enter(page, bank, person, '/security/passkeys')
    await page.getByRole('button', { name: '添加通行密钥' }).click()
    await prove(page, bank, person)
    await page.getByRole('dialog').getByRole('button', { name: '创建通行密钥' }).click()
    await page.getByText('通行密钥已添加').waitFor()

    const pages = transferPages(page)
    const memo = newMemo()
    await pages.fill('13.00', { memo, to: payee.phone })
    await authenticator.recognises(false)
    await pages.check.getByRole('button', { name: '或使用指纹 / 面容' }).click()
    await pages.check.getByText('没有完成指纹或面容验证').waitFor()
    await checkAccessibility(page)
    assert.equal(await paidWith(page, memo), 0)
    await authenticator.recognises(true)
    await pages.check.getByRole('button', { name: '或使用指纹 / 面容' }).click()
    await page.waitForURL('**/transfer/trfr_*')
    await page.getByRole('heading', { name: '转账成功' }).waitFor()
    assert.equal(await paidWith(page, memo), 1)
  })

  screen('a large amount wants two proofs, and turning back from one pays nothing', async ({ page, bank, viewport }) => {
    const person = somebody(viewport === 'phone' ? 18 : 26)
    await enter(page, bank, person)
    const pages = transferPages(page)
    const memo = newMemo()
    await pages.fill('25000', { memo, to: somebody(16).phone })
    await pages.check.getByText('这笔转账需要更强的验证').waitFor()
    await checkAccessibility(page)
    await shot(page, `step-up-check-${viewport}`)
    const proof = page.getByRole('dialog', { name: '确认是你本人' })
    await pages.check.getByRole('button', { name: '验证身份并确认' }).click()
    await proof.getByLabel('登录密码').waitFor()
    await page.keyboard.press('Escape')
    await proof.waitFor({ state: 'detached' })
    assert.equal(await paidWith(page, memo), 0)
    await pages.check.getByRole('button', { name: '验证身份并确认' }).click()
    await proof.getByLabel('登录密码').waitFor()
    await checkAccessibility(page)
    await prove(page, bank, person)
    await pages.type(person.pin)
    await page.waitForURL('**/transfer/trfr_*')
    await page.getByRole('heading', { name: '转账成功' }).waitFor()
    assert.equal(await paidWith(page, memo), 1)
  })

  screen('five wrong PINs lock it, and the way out is shown', async ({ page, bank, viewport }) => {
    const person = somebody(viewport === 'phone' ? 16 : 17)
    await enter(page, bank, person)
    const pages = transferPages(page)
    const memo = newMemo()
    await pages.fill('3.00', { memo, to: payee.phone })
    await pages.confirm()
    for (const left of [4, 3, 2, 1]) {
      await pages.type('135790')
      await pages.pin.getByText(`还可尝试 ${left} 次`).waitFor()
    }
    await pages.type('135790')
    await pages.check.getByText('支付密码已锁定').waitFor()
    await checkAccessibility(page)
    await shot(page, `pin-locked-${viewport}`)
    assert.equal(await paidWith(page, memo), 0)
    await pages.check.getByRole('link', { name: '去重设支付密码' }).click()
    await page.getByRole('heading', { name: '核对身份' }).waitFor()
  })
}, { args: ['--rate-scale', '50'] })
