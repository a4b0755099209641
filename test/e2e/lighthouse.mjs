// Measures the customer app's first page as on a mid-range phone with slow 4G, and holds it to its budget.
import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import * as chromeLauncher from 'chrome-launcher'
import lighthouse from 'lighthouse'
import { startBank } from './lib/bank.mjs'
import { chromiumFlags, chromiumPath } from './lib/browser.mjs'

const leastScores = { performance: 95, accessibility: 100, 'best-practices': 100 }
const mostScriptBytes = 150 * 1000
const runs = 3 // the middle one counts: a busy machine makes single runs noisy

const report = join(dirname(fileURLToPath(import.meta.url)), 'report')
const bank = await startBank()
const chrome = await chromeLauncher.launch({ chromePath: chromiumPath(), chromeFlags: ['--headless', ...chromiumFlags] })
const results = []
try {
  for (let run = 0; run < runs; run++) {
    results.push(await lighthouse(`${bank.mobile}/`, { port: chrome.port, output: 'html', onlyCategories: Object.keys(leastScores), logLevel: 'error' }))
  }
} finally {
  await chrome.kill()
  await bank.stop()
}

const score = ({ lhr }, category) => Math.round((lhr.categories[category].score ?? 0) * 100)
const middle = results.sort((a, b) => score(a, 'performance') - score(b, 'performance'))[Math.floor(runs / 2)]
await mkdir(report, { recursive: true })
await writeFile(join(report, 'lighthouse.html'), middle.report)

const scripts = middle.lhr.audits['network-requests'].details.items.filter(item => item.resourceType === 'Script')
const scriptBytes = scripts.reduce((sum, item) => sum + item.transferSize, 0)
const checks = [
  ...Object.entries(leastScores).map(([category, least]) => ({
    text: `${category} ${score(middle, category)} (at least ${least})`,
    good: score(middle, category) >= least,
  })),
  {
    text: `script ${(scriptBytes / 1000).toFixed(1)} kB compressed (at most ${mostScriptBytes / 1000})`,
    good: scripts.length > 0 && scriptBytes <= mostScriptBytes,
  },
]
for (const { text, good } of checks) process.stdout.write(`${good ? 'ok  ' : 'FAIL'} ${text}\n`)
for (const audit of Object.values(middle.lhr.audits)) {
  if (audit.score !== null && audit.score < 0.9 && audit.scoreDisplayMode !== 'informative') process.stdout.write(`     ${audit.id}: ${audit.title}\n`)
}
process.stdout.write(`${join(report, 'lighthouse.html')}\n`)
if (checks.some(({ good }) => !good)) process.exitCode = 1
