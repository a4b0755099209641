// A payment proved by a passkey, which signs exactly what was checked.
import assert from 'node:assert/strict'
import { suite } from '../lib/suite.mjs'
import { addAuthenticator } from '../lib/passkey.mjs'
import { prove } from '../lib/people.mjs'
import { enter, ready } from '../pages/person.mjs'
import { newMemo, paidWith, transferPages } from '../pages/transfer.mjs'

suite('transfer by passkey', ({ screen }) => {
  screen('a passkey pays instead of the PIN, and a finger that is not known pays nothing', { sizes: ['phone'] }, async ({ page, bank }) => {
    const authenticator = await addAuthenticator(page)
    await enter(page, bank, ready, '/security/passkeys')
    await page.getByRole('button', { name: '添加通行密钥' }).click()
    await prove(page, bank, ready)
    await page.getByRole('dialog').getByRole('button', { name: '创建通行密钥' }).click()
    await page.getByText('通行密钥已添加').waitFor()

    const pages = transferPages(page)
    const memo = newMemo()
    await pages.fill('13.00', { memo })
    await authenticator.recognises(false)
    await pages.check.getByRole('button', { name: '或使用指纹 / 面容' }).click()
    await pages.check.getByText('没有完成指纹或面容验证').waitFor()
    assert.equal(await paidWith(page, memo), 0)
    await authenticator.recognises(true)
    await pages.check.getByRole('button', { name: '或使用指纹 / 面容' }).click()
    await page.waitForURL('**/transfer/trfr_*')
    await page.getByRole('heading', { name: '转账成功' }).waitFor()
    assert.equal(await paidWith(page, memo), 1)
  })
})
