// Saving: the shelf, what a deposit brings, opening and taking out in five beats, and what the person sees of it afterwards.
import assert from 'node:assert/strict'
import { checkAccessibility } from '../lib/axe.mjs'
import { suite } from '../lib/suite.mjs'
import { depositPages } from '../pages/deposits.mjs'
import { enter, ready } from '../pages/person.mjs'

suite('deposits', ({ screen }) => {
  screen('chooses from the shelf, sees what it brings, and opens one: double tap, reload and back never make two', async ({ page, bank, viewport, watcher }) => {
    watcher.expect(/Failed to load resource|net::ERR/)
    await enter(page, bank, ready, '/wealth')
    const pages = depositPages(page)
    await page.getByText('存款总额（元）').waitFor()
    await page.getByRole('list', { name: '我的存款' }).getByText('3 天后到期').waitFor()
    await checkAccessibility(page)
    await page.getByRole('navigation', { name: '理财入口' }).getByRole('link', { name: '存款', exact: true }).click()
    await page.getByRole('radio', { name: '定期' }).check()
    await page.getByRole('button', { name: '筛选与排序' }).click()
    const sheet = page.getByRole('dialog', { name: '筛选与排序' })
    await sheet.getByRole('radio', { name: '利率最高' }).check()
    await sheet.getByRole('textbox', { name: /最低年利率/ }).fill('0.9')
    await checkAccessibility(page)
    await sheet.getByRole('button', { name: '查看产品' }).click()
    await page.waitForURL(url => url.search.includes('rate=0.9') && url.search.includes('sort=rate') && url.search.includes('kind=term'))
    await page.getByText('共 4 个产品').waitFor()
    await page.reload() // the address holds the choice
    await page.getByText('共 4 个产品').waitFor()
    await page.getByRole('link', { name: /整存整取 一年/ }).click()
    await pages.amount(/算一算/, '10000')
    await page.getByText('+¥95.00').waitFor() // a year at 0.95 %
    await checkAccessibility(page)
    await page.getByRole('link', { name: '存这一款' }).click()
    assert.equal(await page.getByRole('textbox', { name: '存入金额（元）' }).inputValue(), '10,000.00')
    await pages.amount('存入金额（元）', '1')
    await pages.next.click()
    await page.getByText(/至少 ¥50\.00/).waitFor()
    await pages.amount('存入金额（元）', '1000')
    await page.getByRole('radio', { name: /本息续存/ }).check()
    await checkAccessibility(page)

    const before = await pages.count('term_1y')
    await pages.next.dblclick()
    await pages.check.getByText('人民币壹仟元整').waitFor()
    await checkAccessibility(page)
    // The bank does it; the answer is lost with the page.
    let reached
    const done = new Promise(resolve => (reached = resolve))
    await page.route('**/api/mobile/v1/deposits', async route => {
      await route.fetch()
      reached()
    }, { times: 1 })
    await pages.check.getByRole('button', { name: /^确认/ }).dblclick()
    await pages.type(ready.pin)
    await done
    await page.reload()
    await page.getByRole('heading', { name: '存入成功' }).waitFor()
    await checkAccessibility(page)
    assert.equal(await pages.count('term_1y'), before + 1)
    await page.reload()
    await page.getByRole('heading', { name: '存入成功' }).waitFor()
    await page.goBack()
    await page.getByRole('link', { name: '存这一款' }).waitFor()
    assert.equal(await pages.count('term_1y'), before + 1)
    if (viewport === 'desktop') await page.getByRole('link', { name: '理财', exact: true }).waitFor()
  })

  screen('sees how interest comes about, changes the last day, and the exact loss before taking money out early', async ({ page, bank, viewport }) => {
    await enter(page, bank, ready, '/wealth')
    const pages = depositPages(page)
    await page.getByRole('list', { name: '我的存款' }).getByRole('link', { name: /整存整取 二年/ }).click()
    await page.getByRole('list', { name: '利息是怎么算的' }).getByText(/× 1\.05% × \d+ 天 ÷ 360 天/).waitFor()
    await page.getByRole('list', { name: '利息记录' }).getByText('提前支取按活期').waitFor() // the part that was taken 90 days ago
    await page.getByRole('region', { name: '电子存单' }).getByText('人民币贰万伍仟元整').waitFor()
    await checkAccessibility(page)
    await page.getByRole('button', { name: /更改到期约定/ }).click()
    const choice = viewport === 'phone' ? '本息转入账户' : '本金续存'
    await page.getByRole('dialog').getByRole('radio', { name: new RegExp(choice) }).check()
    await page.getByRole('dialog').getByRole('button', { name: '保存' }).click()
    await page.getByRole('button', { name: /更改到期约定/ }).getByText(choice).waitFor()
    await page.getByRole('link', { name: '支取' }).click()
    await page.getByText('这笔存款只能一次全部支取').waitFor() // one part was taken already
    await pages.next.click()
    const lost = await pages.check.getByText(/提前支取少得 ¥[\d.]+/).innerText()
    await pages.check.getByText(/现在支取得利息 ¥[\d.]+，存到期可得 ¥525\.00/).waitFor() // 25,000 for two years at 1.05 %
    await pages.check.getByText('存款结清').waitFor()
    assert.notEqual(lost, '提前支取少得 ¥0.00')
    await checkAccessibility(page)
    await page.keyboard.press('Escape')
    await pages.check.waitFor({ state: 'detached' }) // nothing was done: it is still there
    assert.equal((await pages.held('term_2y')).balance.amount, '25000.00')

    // A part of another, to its end.
    const opened = (await pages.held(viewport === 'phone' ? 'term_1y' : 'term_3m')).id
    await page.goto(`/deposits/${opened}/withdraw`)
    await pages.amount('支取金额（元）', '100')
    await pages.through(ready.pin, '支取成功')
    await page.getByRole('link', { name: '查看这笔存款' }).click()
    await page.getByRole('link', { name: /全部/ }).or(page.getByText('提前支取按活期')).first().waitFor()
  })

  screen('looks ahead in the calendar by eye and by ear, and knows what is insured', async ({ page, bank, watcher }) => {
    watcher.expect(/Failed to load resource|net::ERR/)
    await enter(page, bank, ready, '/deposits/calendar')
    const day = page.getByRole('table').getByRole('button').first()
    // The month may be nearly over: the next one has something, for wages of a pot come on the 15th.
    if ((await day.count()) === 0) await page.getByRole('button', { name: '下个月' }).click()
    await day.waitFor()
    await checkAccessibility(page)
    await day.press('Enter')
    assert.equal(await day.getAttribute('aria-pressed'), 'true')
    await page.getByRole('radio', { name: '列表' }).check()
    await page.waitForURL('**/deposits/calendar?*view=list*')
    await page.getByText(/整存整取 一年 · 到期/).first().waitFor()
    await checkAccessibility(page)
    await page.goto('/deposits/insurance')
    await page.getByText('你的存款部分超出保障').or(page.getByText('你的存款全部在保障之内')).waitFor()
    await page.getByText('¥500,000.00').first().waitFor()
    await checkAccessibility(page)

    // Large type, other languages, and a bank that does not answer.
    await page.evaluate(() => localStorage.setItem('tongbao.prefs', JSON.stringify({ type: 'large', locale: 'en' })))
    await page.goto('/wealth')
    await page.getByText('All my deposits (yuan)').waitFor()
    assert.ok((await page.getByRole('navigation', { name: 'Ways on' }).getByRole('link').count()) >= 4)
    await checkAccessibility(page)
    await page.route('**/api/mobile/v1/deposits', route => route.abort('failed'))
    await page.goto('/wealth')
    await page.getByText('This did not load').waitFor()
    await checkAccessibility(page)
    await page.unroute('**/api/mobile/v1/deposits')
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText('All my deposits (yuan)').waitFor()
  })
})
