// Listens to a browser context for everything that must not happen on a page of ours.

/** A refusal of the API is an answer, not a fault: Chromium still writes it to the console. A 5xx is a fault. */
const refusedByApi = (text, url) => /status of 4\d\d/.test(text) && new URL(url, 'http://none').pathname.startsWith('/api/')

/**
 * Collects console errors, uncaught errors, violations of the content security policy, answers with 5xx
 * and requests to addresses that are not the bank's.
 * @param {import('playwright-core').BrowserContext} context
 * @param {{ origins: string[], tolerate?: RegExp[] }} options tolerate: findings that this test provokes on purpose
 */
export async function watch(context, { origins, tolerate = [] }) {
  const findings = []
  const expected = [...tolerate]
  const note = finding => findings.push(finding)

  await context.exposeBinding('__tongbaoViolation', (_source, text) => note(`content security policy: ${text}`))
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', event => {
      globalThis.__tongbaoViolation(`${event.effectiveDirective} blocked ${event.blockedURI} (${event.sourceFile}:${event.lineNumber})`)
    })
  })
  context.on('console', message => {
    if (message.type() !== 'error') return
    const { url } = message.location()
    if (!refusedByApi(message.text(), url)) note(`console: ${message.text()} (${url})`)
  })
  context.on('weberror', error => note(`uncaught: ${error.error().stack ?? error.error().message}`))
  context.on('response', response => {
    if (response.status() >= 500) note(`${response.status()} ${response.request().method()} ${response.url()}`)
  })
  context.on('request', request => {
    const url = new URL(request.url())
    if (/^(https?|wss?):$/.test(url.protocol) && !origins.some(origin => new URL(origin).host === url.host)) {
      note(`request to a stranger: ${request.url()}`)
    }
  })

  return {
    /** From now on, findings that match are expected: say so before provoking them. */
    expect: pattern => expected.push(pattern),
    /** What was found and not expected. */
    findings: () => findings.filter(text => !expected.some(pattern => pattern.test(text))),
    /** Fails when anything was found. */
    check() {
      const bad = this.findings()
      if (bad.length > 0) throw new Error(`the page misbehaved:\n  ${bad.join('\n  ')}`)
    },
  }
}
