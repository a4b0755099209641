// Without a network: the app opens, says so, and shows no money as if it were fresh.
import assert from 'node:assert/strict'
import { checkAccessibility } from '../lib/axe.mjs'
import { shot } from '../lib/shot.mjs'
import { suite } from '../lib/suite.mjs'
import { enter, ready } from '../pages/person.mjs'

const sum = /\d{1,3}(,\d{3})*\.\d{2}/

suite('offline', ({ screen }) => {
  screen('opens from the shell, says that there is no network, and shows no sums', { serviceWorkers: 'allow' }, async ({ page, context, bank, watcher, viewport }) => {
    watcher.expect(/Failed to load resource|net::ERR|ERR_INTERNET_DISCONNECTED/)
    await enter(page, bank, ready)
    await page.getByText('总资产（元）').waitFor()
    await page.evaluate(async () => {
      const { active } = await navigator.serviceWorker.ready
      if (active.state !== 'activated') await new Promise(done => active.addEventListener('statechange', done, { once: true }))
    })
    const banner = page.getByText('没有网络，屏幕上的内容可能不是最新的')
    assert.equal(await banner.count(), 0)

    await context.setOffline(true)
    await banner.waitFor() // what is on the screen is from before, and it says so
    await page.goto('/')
    await page.getByRole('navigation', { name: '常用' }).waitFor()
    await banner.waitFor()
    await page.getByText('连上网络后再试。已经提交的交易不受影响。').waitFor()
    assert.doesNotMatch(await page.locator('#app').innerText(), sum)
    await checkAccessibility(page)
    await shot(page, `offline-${viewport}`)
    await page.goto('/accounts') // a page that was never open before is in the shell too
    await page.getByText('连上网络后再试').waitFor()
    assert.doesNotMatch(await page.locator('#app').innerText(), sum)
    const kept = await page.evaluate(async () => {
      const caught = []
      for (const name of await caches.keys()) for (const request of await (await caches.open(name)).keys()) caught.push(new URL(request.url).pathname)
      return caught
    })
    assert.ok(kept.length > 50)
    assert.deepEqual(kept.filter(path => /^\/(api|r|dev)\//.test(path)), [], 'nothing of the API is kept')

    await context.setOffline(false)
    await banner.waitFor({ state: 'detached' })
    await page.getByRole('button', { name: '重试' }).click()
    await page.getByText('账户总额（元）').waitFor()
    assert.match(await page.locator('#app').innerText(), sum)
  })

  screen('the first page asks for each of its files once', { sizes: ['phone'] }, async ({ page }) => {
    const asked = []
    page.on('request', request => asked.push(new URL(request.url()).pathname))
    await page.goto('/')
    await page.getByRole('link', { name: '开通通宝' }).waitFor()
    await page.waitForLoadState('networkidle')
    const files = asked.filter(path => path.startsWith('/assets/'))
    assert.deepEqual(files.toSorted(), [...new Set(files)].toSorted())
    const ahead = await page.evaluate(() => [...document.querySelectorAll('link[rel="modulepreload"], link[rel="preload"]')].map(link => new URL(link.href).pathname))
    // What the app imports while it starts was named before it was read: nothing waited for another file.
    const late = files.filter(path => !ahead.includes(path) && !/\/index-/.test(path))
    assert.deepEqual(late, [])
  })
})
