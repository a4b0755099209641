// Paying somebody in five beats, as people do.
import assert from 'node:assert/strict'
import { checkAccessibility } from '../lib/axe.mjs'
import { suite } from '../lib/suite.mjs'
import { call, enter, ready, somebody } from '../pages/person.mjs'
import { newMemo, paidWith, transferPages } from '../pages/transfer.mjs'

const payee = somebody(1)

suite('transfer', ({ screen }) => {
  screen('pays in five beats, and gives a receipt', async ({ page, bank }) => {
    await enter(page, bank, ready)
    const pages = transferPages(page)
    const memo = newMemo()
    await pages.choose(payee.phone)
    await page.waitForURL('**/transfer/fill')
    await checkAccessibility(page)

    await pages.amount.fill('1280.5')
    await page.getByText('壹仟贰佰捌拾元伍角整').waitFor()
    await page.getByText(/今日还可转 ¥/).waitFor()
    await pages.amount.press('Escape')
    await pages.memo.fill(memo)
    await pages.next.click()

    await pages.check.getByText('¥1,280.50').waitFor()
    await pages.check.getByText('人民币壹仟贰佰捌拾元伍角整').waitFor()
    await pages.check.getByText('实时，到账后不可撤销').waitFor()
    await checkAccessibility(page)
    await pages.confirm()
    await checkAccessibility(page)
    await pages.tap(ready.pin)

    await page.waitForURL('**/transfer/trfr_*')
    await page.getByRole('heading', { name: '转账成功' }).waitFor()
    await checkAccessibility(page)
    assert.equal(await paidWith(page, memo), 1)

    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: '电子回单' }).click()
    assert.match((await download).suggestedFilename(), /\.pdf$/)
    await page.getByRole('button', { name: '返回' }).click()
    await page.waitForURL(url => url.pathname === '/')
  })

  screen('types amounts on its own pad', { sizes: ['phone'] }, async ({ page, bank }) => {
    await enter(page, bank, ready)
    const pages = transferPages(page)
    await pages.open()
    await pages.amount.click()
    const pad = page.getByRole('group', { name: '数字键盘' })
    for (const key of ['1', '2', '3', '4', '小数点', '5', '6', '7']) await pad.getByRole('button', { name: key, exact: true }).click()
    assert.equal(await pages.amount.inputValue(), '1,234.56')
    await pad.getByRole('button', { name: '删除一位' }).click()
    assert.equal(await pages.amount.inputValue(), '1,234.5')
    await pad.getByRole('button', { name: '下一步' }).click()
    await pages.check.getByText('¥1,234.50').waitFor()
  })

  screen('takes a payment back that arrives later', async ({ page, bank }) => {
    await enter(page, bank, ready)
    const pages = transferPages(page)
    await pages.fill('10.00', { arrival: '次日' })
    await pages.check.getByText(/之前可撤销/).waitFor()
    await pages.confirm()
    await pages.type(ready.pin)
    await page.getByRole('heading', { name: '已提交，等待到账' }).waitFor()
    await page.getByRole('button', { name: '撤销转账' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '撤销转账' }).click()
    await page.getByRole('heading', { name: '已撤销' }).waitFor()
    await checkAccessibility(page)
  })

  screen('pays again what was paid before', async ({ page, bank }) => {
    await enter(page, bank, ready)
    const pages = transferPages(page)
    const { body } = await call(page, 'GET', '/payees')
    await page.goto(`/transfer?payee=${body.items[0].id}`)
    await page.waitForURL('**/transfer/fill')
    await pages.amount.fill('11.00')
    await pages.amount.press('Escape')
    await pages.next.click()
    await pages.check.waitFor()
    await pages.confirm()
    await pages.type(ready.pin)
    await page.getByRole('link', { name: '再转一笔' }).click()
    await page.waitForURL('**/transfer/fill')
    assert.equal(await pages.amount.inputValue(), '11.00')
  })
})
