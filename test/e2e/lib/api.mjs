// The bank's API with the cookies of a browser context and without a page: how a test gets quickly to what it is about.

/**
 * Asks the bank as the app does; answers { status, body }.
 * @param {import('playwright-core').BrowserContext} context
 * @param {{ data?: unknown, headers?: Record<string, string> }} [options]
 */
export async function ask(context, method, path, { data, headers = {} } = {}) {
  const response = await context.request.fetch(`/api/mobile/v1${path}`, { method, data, headers: { 'x-tongbao-client': 'mobile/1', ...headers } })
  const text = await response.text()
  return { status: response.status(), body: text === '' ? undefined : JSON.parse(text) }
}

/** Asks for what must be given; fails with the bank's words when it is refused. */
export async function must(context, method, path, options) {
  const answer = await ask(context, method, path, options)
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`)
  return answer.body
}
