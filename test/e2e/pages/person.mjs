// People of the demo bank, and how a test becomes one of them without going through the sign-in page each time.
import { must } from '../lib/api.mjs'
import { oneTimeCode } from '../lib/inbox.mjs'
import { withCheckDigit } from '../lib/people.mjs'

/** The person whom every demo bank has: a year of life, paid every month. */
export const ready = { phone: '13900000001', password: 'tongbao-2026-demo', pin: '258036', name: '周宁' }

/** Another of the bank's people; tests that change something take one each, so that none meets what another did. */
export const somebody = number => ({ ...ready, phone: `139000${String(10_009 + number).padStart(5, '0')}`, name: undefined })

/** The keepers of stalls whose class III accounts moved so much that a document is asked for; one has let the days pass. */
export const stalls = {
  asked: { ...ready, phone: '13900000003', name: '何晓禾', idNumber: withCheckDigit('11010119880412901') },
  late: { ...ready, phone: '13900000004', name: '孟青', idNumber: withCheckDigit('11010119880412903') },
}

/**
 * Calls the bank's API as the page does, with its cookies; answers { status, body }.
 * @param {import('playwright-core').Page} page that has the app open
 */
export function call(page, method, path, body, headers = {}) {
  return page.evaluate(
    async ([verb, address, content, extra]) => {
      const response = await fetch(`/api/mobile/v1${address}`, {
        method: verb,
        headers: { 'content-type': 'application/json', 'x-tongbao-client': 'mobile/1', ...extra },
        ...(content === undefined ? {} : { body: JSON.stringify(content) }),
      })
      const text = await response.text()
      return { status: response.status, body: text === '' ? undefined : JSON.parse(text) }
    },
    [method, path, body, headers],
  )
}

/** Signs in on a new device: password, then the code that the bank sends. Leaves the page at `path`. */
export async function signIn(page, bank, person = ready, path = '/') {
  const context = page.context()
  const { status, ticket, challengeId } = await must(context, 'POST', '/sessions/password', { data: { identifier: person.phone, password: person.password } })
  if (status === 'second_factor') {
    const code = await oneTimeCode(bank, person.phone)
    await must(context, 'POST', '/sessions/second-factor', { data: { ticket, method: 'code', challengeId, code } })
  }
  await open(page, bank, path)
}

/** Opens a page of the app whose context has a session, as the app does that remembers it. */
export async function open(page, bank, path) {
  const context = page.context()
  const localStorage = [{ name: 'tongbao.signed-in', value: '1' }]
  await context.setStorageState({ cookies: await context.cookies(), origins: [{ origin: new URL(bank.mobile).origin, localStorage }] })
  await page.goto(path)
}

const kept = new Map()

/** Signs in as a person once for each bank, and gives later contexts the same session: a code is sent only once a minute. */
export async function enter(page, bank, person = ready, path = '/') {
  const name = `${bank.mobile} ${person.phone}`
  const cookies = kept.get(name)
  if (cookies === undefined) {
    await signIn(page, bank, person, path)
    kept.set(name, await page.context().cookies())
    return
  }
  await page.context().addCookies(cookies)
  await open(page, bank, path)
}
