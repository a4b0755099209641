// The budget of the customer app: what a first visit must load before it works, compressed. Fails when it is more.
import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const budgetBytes = 150_000
const dist = new URL('../mobile/dist/', import.meta.url)

const seen = new Set()

/** A script with all that it imports at once; what it imports later is not part of the first load. */
function follow(path) {
  if (seen.has(path)) return
  seen.add(path)
  const code = readFileSync(new URL(`.${path}`, dist), 'utf8')
  for (const [, name] of code.matchAll(/(?:^|[;}\s])(?:import|export)\s*(?:[\w{}$,*\s]+from\s*)?["'](\.\/[^"']+\.js)["']/g)) follow(`/assets/${name.slice(2)}`)
}

const html = readFileSync(new URL('index.html', dist), 'utf8')
for (const [, path] of html.matchAll(/(?:src|href)="(\/[^"]+\.js)"/g)) follow(path)

let total = 0
for (const path of seen) {
  const size = gzipSync(readFileSync(new URL(`.${path}`, dist)), { level: 9 }).length
  total += size
  console.log(`${String(size).padStart(8)}  ${path}`)
}
console.log(`${String(total).padStart(8)}  first-load script, compressed (budget ${budgetBytes})`)
if (total > budgetBytes || seen.size === 0) process.exit(1)
