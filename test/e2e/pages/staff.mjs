// Colleagues of the demo bank, and how a test works as one of them at the console.
import { createHmac } from 'node:crypto'

/** The demo's colleague with a role; `second` is the other administrator. */
export function colleague(bank, role, { second = false } = {}) {
  const all = bank.ready.staff.filter(one => one.role === role)
  const found = all[second ? 1 : 0]
  if (!found) throw new Error(`no colleague works as ${role}`)
  return found
}

const stepSeconds = 30

/** What an authenticator app shows for a secret (RFC 6238), some steps from now. */
export function totp(secret, ahead = 0) {
  const bits = [...secret.replace(/[=\s]/g, '')].map(letter => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map(byte => parseInt(byte, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 1000 / stepSeconds) + ahead))
  const mac = createHmac('sha1', key).update(counter).digest()
  const at = mac[19] & 15
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}

/** Asks the console's API with the cookies of a context, as the page does; answers { status, body }. */
export async function askConsole(context, method, path, { data, headers = {} } = {}) {
  const response = await context.request.fetch(`/api/console/v1${path}`, { method, data, headers: { 'x-tongbao-client': 'console/1', ...headers } })
  const text = await response.text()
  return { status: response.status(), body: text === '' ? undefined : JSON.parse(text) }
}

/** Asks for what must be given. */
export async function mustConsole(context, method, path, options) {
  const answer = await askConsole(context, method, path, options)
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}

const kept = new Map()

/** Begins a session of a colleague once for each bank, and gives later contexts the same one: a code is good once. */
export async function work(page, bank, person, path = '/') {
  const context = page.context()
  const name = `${bank.console} ${person.mail}`
  const cookies = kept.get(name)
  if (cookies) {
    await context.addCookies(cookies)
  } else {
    await signIn(context, person)
    kept.set(name, await context.cookies())
  }
  await page.goto(path)
}

/** Signs in through the API: this step's code, or the next one's where somebody has used this one. */
async function signIn(context, person) {
  for (const ahead of [0, 1]) {
    const { ticket } = await mustConsole(context, 'POST', '/sessions/password', { data: { mail: person.mail, password: person.password } })
    const { status } = await askConsole(context, 'POST', '/sessions/second-factor', { data: { ticket, method: 'totp', code: totp(person.secret, ahead) } })
    if (status < 300) return
  }
  throw new Error(`${person.mail} does not get in`)
}
