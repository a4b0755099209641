// The payee book.
import assert from 'node:assert/strict'
import { checkAccessibility } from '../lib/axe.mjs'
import { suite } from '../lib/suite.mjs'
import { enter, ready, somebody } from '../pages/person.mjs'

suite('payees', ({ screen }) => {
  screen('finds, names, pays and removes, without swiping', async ({ page, bank, viewport }) => {
    await enter(page, bank, ready, '/payees')
    const book = page.getByRole('list', { name: '收款人名册' })
    await book.waitFor()
    await checkAccessibility(page)

    // Add somebody new, who is then removed: the next size finds the book as it was.
    await page.getByRole('link', { name: '添加收款人' }).click()
    await page.getByRole('textbox', { name: /账号、手机号/ }).fill('谁')
    await page.getByRole('button', { name: '保存' }).click()
    await page.getByText('认不出这是账号').waitFor()
    await page.getByRole('textbox', { name: /账号、手机号/ }).fill(somebody(viewport === 'phone' ? 7 : 8).phone)
    await page.getByRole('textbox', { name: /备注名/ }).fill('牌友')
    await checkAccessibility(page)
    await page.getByRole('button', { name: '保存' }).click()
    await page.waitForURL('**/payees')

    const find = page.getByRole('searchbox')
    await find.fill('牌友')
    await page.waitForURL(/find=/)
    assert.equal(await book.getByRole('link').count(), 1)

    await page.getByRole('button', { name: /牌友.*更多操作/ }).click()
    await checkAccessibility(page)
    await page.getByRole('dialog').getByRole('button', { name: '备注名' }).click()
    await page.getByRole('dialog').getByRole('textbox', { name: /备注名/ }).fill('老牌友')
    await page.getByRole('dialog').getByRole('button', { name: '保存' }).click()
    await book.getByText(/老牌友/).waitFor()

    await page.getByRole('button', { name: /老牌友.*更多操作/ }).click()
    await page.getByRole('dialog').getByRole('button', { name: '从名册移除' }).click()
    await page.getByRole('dialog', { name: /移除 老牌友/ }).getByRole('button', { name: '从名册移除' }).click()
    await page.getByText('没有找到').waitFor()
    await find.fill('')
    assert.ok((await book.getByRole('link').count()) > 0)
    await book.getByRole('link').first().click()
    await page.waitForURL('**/transfer/fill')
  })

  screen('an empty book says what it is for', async ({ page, bank, viewport }) => {
    await enter(page, bank, somebody(viewport === 'phone' ? 9 : 10), '/payees')
    await page.getByText('名册是空的').waitFor()
    await checkAccessibility(page)
  })
})
