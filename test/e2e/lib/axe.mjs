// Accessibility: axe on the page as it stands, with the rules of WCAG 2.2 AA.
import { AxeBuilder } from '@axe-core/playwright'

const standards = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const grave = ['serious', 'critical']

/**
 * Fails when axe finds anything serious or critical.
 * @param {import('playwright-core').Page} page
 * @param {{ include?: string, exclude?: string[] }} [scope] CSS selectors
 */
export async function checkAccessibility(page, { include, exclude = [] } = {}) {
  const builder = new AxeBuilder({ page }).withTags(standards)
  if (include) builder.include(include)
  for (const selector of exclude) builder.exclude(selector)
  const { violations } = await builder.analyze()
  const bad = violations.filter(violation => grave.includes(violation.impact))
  if (bad.length > 0) throw new Error(`axe on ${page.url()}:\n${bad.map(describe).join('\n')}`)
}

function describe({ id, impact, help, nodes }) {
  const places = nodes.slice(0, 5).map(node => `    ${node.target.join(' ')}\n      ${node.failureSummary?.replace(/\n\s*/g, ' ')}`)
  return `  ${impact} ${id}: ${help}\n${places.join('\n')}`
}
