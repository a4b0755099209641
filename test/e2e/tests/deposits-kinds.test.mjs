// Saving, kind by kind: notice, certificates that are sold, instalments, pots.
import assert from 'node:assert/strict'
import { checkAccessibility } from '../lib/axe.mjs'
import { suite } from '../lib/suite.mjs'
import { depositPages } from '../pages/deposits.mjs'
import { call, enter, ready, somebody } from '../pages/person.mjs'

/** Who saves more a month than they have: the last household of the demo. */
const careless = somebody(38)

suite('deposits, kind by kind', ({ screen }) => {
  screen('gives notice, takes it back, and is warned without it', async ({ page, bank }) => {
    await enter(page, bank, ready, '/wealth')
    const pages = depositPages(page)
    const { id } = await pages.held('notice_7d')
    await page.goto(`/deposits/${id}/notice`)
    await page.getByRole('list', { name: '已通知的支取' }).getByRole('listitem').first().waitFor() // of the demo, for five days from now
    await pages.amount('支取金额（元）', '50000')
    const day = page.getByLabel('支取日')
    const first = await day.inputValue()
    await day.fill(new Date().toISOString().slice(0, 10))
    await pages.next.click()
    await page.getByText(/^最早/).waitFor()
    await day.fill(first)
    await pages.next.dblclick()
    const mine = page.getByRole('list', { name: '已通知的支取' }).getByRole('button')
    await mine.nth(1).waitFor()
    assert.equal(await mine.count(), 2)
    await checkAccessibility(page)
    await mine.nth(1).click()
    await page.getByRole('dialog').getByRole('button', { name: '取消通知' }).click()
    await mine.nth(1).waitFor({ state: 'detached' })
    await page.goto(`/deposits/${id}/withdraw`)
    await page.getByText('今天没有到期的支取通知').waitFor()
    await checkAccessibility(page)
  })

  screen('sells a certificate and buys one, with price and yield', async ({ page, bank, viewport }) => {
    await enter(page, bank, somebody(viewport === 'phone' ? 30 : 31), '/accounts')
    const { number } = (await call(page, 'GET', '/accounts')).body.items[0]
    await enter(page, bank, ready, '/deposits/offers')
    const pages = depositPages(page)
    await page.getByRole('heading', { name: '存单转让' }).first().waitFor()
    if (viewport === 'phone') {
      await page.getByRole('list', { name: '转让给我的' }).getByRole('link').click()
      await page.getByText('买方持有到期年化').waitFor()
      await checkAccessibility(page)
      await pages.through(ready.pin, '受让成功')
    }
    const { id } = await pages.held('certificate_3y')
    await page.goto(`/deposits/${id}/offer`)
    await page.getByRole('textbox', { name: '受让人账号' }).fill(number)
    await page.getByRole('button', { name: '按此价转让' }).click()
    await pages.next.click()
    await pages.check.getByText(/\d\.\d+%/).waitFor()
    await checkAccessibility(page)
    await pages.confirm()
    await pages.type(ready.pin)
    await page.getByRole('heading', { name: '已发出转让' }).waitFor()
    await page.goto('/deposits/offers')
    await page.getByRole('list', { name: '我转让的' }).getByRole('button').click()
    await page.getByRole('dialog').getByRole('button', { name: '撤回' }).click()
    await page.getByText('转让已撤回').waitFor()
    await page.getByRole('list', { name: '我转让的' }).waitFor({ state: 'detached' })
  })

  screen('saves each month, and is told of one that was missed', async ({ page, bank }) => {
    await enter(page, bank, careless, '/')
    const pages = depositPages(page)
    await page.getByRole('link', { name: /零存整取漏存一期/ }).click()
    await page.getByText('补存漏存的一期').waitFor()
    await pages.next.click()
    await page.getByRole('alert').getByText(/最多/).waitFor() // there is not enough, and it says so before any proof
    await checkAccessibility(page)
    await enter(page, bank, ready, '/deposits/open/instalment_1y')
    await pages.amount('每月存入（元）', '200')
    await page.getByText('累计存入').waitFor()
    await pages.through(ready.pin, '存入成功')
    await page.getByRole('link', { name: '查看这笔存款' }).click()
    await page.getByText('1 / 12 期').waitFor()
    await checkAccessibility(page)
  })

  screen('saves towards a goal: opens, puts in, takes out, rounds up, closes', async ({ page, bank, viewport }) => {
    await enter(page, bank, ready, '/deposits/open/pot_1')
    const pages = depositPages(page)
    const name = `滑板${viewport === 'phone' ? 1 : 2}`
    await pages.amount('存入金额（元）', '100')
    await page.getByRole('textbox', { name: '目标名称' }).fill(name)
    await pages.amount('目标金额', '400')
    await page.getByRole('switch', { name: '零头存入' }).click()
    await page.getByRole('radio', { name: '凑到 5 元' }).check()
    await checkAccessibility(page)
    await pages.through(ready.pin, '存入成功')
    await page.getByRole('link', { name: '查看这笔存款' }).click()
    await page.getByRole('img', { name: '已达成 25%' }).waitFor()
    await page.getByText('还差 ¥300.00').waitFor()
    await checkAccessibility(page)
    await page.getByRole('link', { name: '转入' }).click()
    await pages.amount('转入金额（元）', '100')
    await pages.through(ready.pin, '转入成功')
    await page.getByRole('link', { name: '查看这笔存款' }).click()
    await page.getByRole('img', { name: '已达成 50%' }).waitFor()
    await page.getByRole('link', { name: '目标与自动存入' }).click()
    await page.getByRole('switch', { name: '零头存入', checked: true }).click()
    await pages.through(ready.pin, '计划已更新')
    await page.getByRole('link', { name: '查看这笔存款' }).click()
    await page.getByRole('link', { name: '支取' }).click()
    await pages.amount('支取金额（元）', '50')
    await pages.through(ready.pin, '支取成功')
    await page.getByRole('link', { name: '查看这笔存款' }).click()
    await page.getByRole('link', { name: '支取' }).click()
    await page.getByRole('switch', { name: '全部取出并结清' }).click()
    await pages.through(ready.pin, '支取成功')
    await page.getByText('存款已结清').waitFor()
  })
})
