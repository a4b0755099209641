// What the demo bank would have sent by SMS and mail: GET /dev/inbox.json, which exists in demo banks only.

const waitSeconds = 10
const pauseMilliseconds = 100

/**
 * All messages to one phone number or address, newest first.
 * @param {import('./bank.mjs').Bank} bank
 * @param {string} to
 */
export async function messages(bank, to) {
  const response = await fetch(`${bank.mobile}/dev/inbox.json`)
  if (!response.ok) throw new Error(`/dev/inbox.json answered ${response.status}`)
  const body = await response.json()
  const all = Array.isArray(body) ? body : (body.messages ?? [])
  return all.filter(message => digits(message.to) === digits(to)).sort((a, b) => (a.at < b.at ? 1 : -1))
}

/**
 * Waits for the next one-time code to a phone number or address. A code is given out once only:
 * asking again waits for another one.
 * @returns {Promise<string>}
 */
export async function oneTimeCode(bank, to) {
  const deadline = Date.now() + waitSeconds * 1000
  while (Date.now() < deadline) {
    for (const message of await messages(bank, to)) {
      const code = message.code ?? /(?<!\d)\d{6}(?!\d)/.exec(message.text ?? message.body ?? '')?.[0]
      const name = `${bank.mobile} ${message.id ?? message.at} ${code}`
      if (code && !seen.has(name)) {
        seen.add(name)
        return code
      }
    }
    await new Promise(done => setTimeout(done, pauseMilliseconds))
  }
  throw new Error(`no one-time code for ${to} within ${waitSeconds} s`)
}

const seen = new Set()

/** +86 138 0000 0000 and 13800000000 are one number; an address stays as it is. */
const digits = to => (String(to).includes('@') ? String(to).toLowerCase() : String(to).replace(/\D/g, '').slice(-11))
