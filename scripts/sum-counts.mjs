// Adds the counts that the parts of scripts/test left in a folder (<part>.json), and prints the last line.
// Further arguments are the parts that failed: one whose counts show no failure adds one.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const [folder, ...failedParts] = process.argv.slice(2)
const sum = { passed: 0, failed: 0 }
const explained = new Set()

for (const name of readdirSync(folder).filter(name => name.endsWith('.json'))) {
  const counts = JSON.parse(readFileSync(join(folder, name), 'utf8'))
  sum.passed += counts.passed
  sum.failed += counts.failed
  if (counts.failed > 0) explained.add(name.replace('.json', ''))
}
sum.failed += failedParts.filter(part => !explained.has(part)).length
process.stdout.write(`${sum.passed} passed, ${sum.failed} failed\n`)
