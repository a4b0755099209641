// Accessibility: axe on the page as it stands, with the rules of WCAG 2.2 AA, in both colour schemes.
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'

const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
/** What depends on colours; the rest is the same by day and by night. */
const ofColours = ['color-contrast', 'link-in-text-block']
const grave = ['serious', 'critical']

/**
 * Fails when axe finds anything serious or critical: all rules in the scheme that the page is in, those of colours in the other one too.
 * @param {import('playwright-core').Page} page
 */
export async function checkAccessibility(page) {
  const dark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches)
  const schemes = dark ? ['dark', 'light'] : ['light', 'dark']
  const found = [...(await analyze(page, { type: 'tag', values: standards })).map(violation => ({ ...violation, scheme: schemes[0] }))]
  await page.evaluate(still)
  await page.emulateMedia({ colorScheme: schemes[1] })
  found.push(...(await analyze(page, { type: 'rule', values: ofColours })).map(violation => ({ ...violation, scheme: schemes[1] })))
  await page.emulateMedia({ colorScheme: schemes[0] })
  const bad = found.filter(violation => grave.includes(violation.impact))
  if (bad.length > 0) throw new Error(`axe on ${page.url()}:\n${bad.map(describe).join('\n')}`)
}

/** Runs in the page: colours pass into each other for a moment, and what lies between is nobody's contrast. */
function still() {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync('*, *::before, *::after { transition: none !important }')
  document.adoptedStyleSheets.push(sheet)
}

async function analyze(page, runOnly) {
  // There are no frames and no media in the apps, so nothing is to be fetched before the rules run.
  // Not by page.addScriptTag: the content security policy stands. A document keeps axe once it has it.
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(source)
  return page.evaluate(only => globalThis.axe.run({ runOnly: only, resultTypes: ['violations'], preload: false, iframes: false }).then(({ violations }) => violations), runOnly)
}

function describe({ id, impact, help, nodes, scheme }) {
  const places = nodes.slice(0, 5).map(node => `    ${node.target.join(' ')}\n      ${node.failureSummary?.replace(/\n\s*/g, ' ')}`)
  return `  ${impact} ${id}, ${scheme}: ${help}\n${places.join('\n')}`
}
