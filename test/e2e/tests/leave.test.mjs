// Leaving the bank: what it takes, the days in which it may be taken back, and staying.
import assert from 'node:assert/strict'
import { must } from '../lib/api.mjs'
import { checkAccessibility } from '../lib/axe.mjs'
import { become, newcomer, prove } from '../lib/people.mjs'
import { shot } from '../lib/shot.mjs'
import { suite } from '../lib/suite.mjs'
import { open, signIn, somebody } from '../pages/person.mjs'

const ask = async page => {
  await page.getByRole('button', { name: '申请注销' }).click()
  await page.getByRole('dialog', { name: '确定要注销吗？' }).getByRole('button', { name: '申请注销' }).click()
}

suite('leave', ({ screen }) => {
  screen('begins to leave with two factors, says until when it may be taken back, and stays', async ({ page, context, bank, viewport }) => {
    const person = newcomer()
    await become(context, bank, person)
    const { state } = await must(context, 'GET', '/me')
    await open(page, bank, '/me/privacy')
    await page.getByRole('link', { name: /注销/ }).click()
    await page.getByRole('heading', { name: '注销之前' }).waitFor()
    await checkAccessibility(page)
    await ask(page)
    await prove(page, bank, person)
    await page.getByRole('heading', { name: '注销已受理' }).waitFor()
    await page.getByText(/完成注销。在那之前你可以随时留下来/).waitFor()
    await checkAccessibility(page)
    await shot(page, `leaving-${viewport}`)
    assert.equal((await must(context, 'GET', '/me')).state, 'closing')
    await page.reload()
    await page.getByRole('button', { name: '我要留下' }).click()
    await page.getByRole('heading', { name: '注销之前' }).waitFor()
    assert.equal((await must(context, 'GET', '/me')).state, state)
  })

  screen('does not let go of who has money here, and says why and where to go', async ({ page, context, bank, viewport }) => {
    const person = somebody(viewport === 'phone' ? 12 : 13)
    await signIn(page, bank, person, '/me/leave')
    await ask(page)
    await prove(page, bank, person)
    await page.getByRole('link', { name: '去看账户' }).waitFor()
    await checkAccessibility(page)
    assert.equal((await must(context, 'GET', '/me')).state, 'active')
  })
}, { args: ['--rate-scale', '50'] })
