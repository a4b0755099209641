// Reads `go test -json` on standard input; prints one line per package and everything about a failure;
// writes {passed, failed, skipped} to the file named by the first argument.
// Counted are tests and subtests, as `go test -v` lists them; a package that fails without
// a failing test (it does not compile, it panics) counts as one failure.
import { createInterface } from 'node:readline'
import { writeFileSync } from 'node:fs'

const counts = { passed: 0, failed: 0, skipped: 0 }
const output = new Map()
const failedIn = new Map()
const skips = new Map()

const keyOf = event => `${event.Package ?? event.ImportPath ?? ''} ${event.Test ?? ''}`
const short = name => (name ?? '').replace(/^github\.com\/tongbao\/tongbao\/?/, '') || '.'

function keep(event) {
  const key = keyOf(event)
  if (!output.has(key)) output.set(key, [])
  output.get(key).push(event.Output)
}

function endOfTest(event) {
  if (event.Action === 'pass') counts.passed++
  if (event.Action === 'skip') {
    counts.skipped++
    const reason = (output.get(keyOf(event)) ?? []).map(line => line.trim()).find(line => /^\S+_test\.go:\d+: |^\S+\.go:\d+: /.test(line))
    const text = reason?.replace(/^\S+: /, '') ?? 'no reason given'
    skips.set(text, (skips.get(text) ?? 0) + 1)
  }
  if (event.Action === 'fail') {
    counts.failed++
    failedIn.set(event.Package, (failedIn.get(event.Package) ?? 0) + 1)
    process.stdout.write((output.get(keyOf(event)) ?? []).join(''))
  }
  output.delete(keyOf(event))
}

function endOfPackage(event) {
  const seconds = (event.Elapsed ?? 0).toFixed(1).padStart(6)
  if (event.Action === 'pass') process.stdout.write(`  ok   ${seconds}s  ${short(event.Package)}\n`)
  if (event.Action === 'fail') {
    if (!failedIn.has(event.Package)) {
      counts.failed++
      process.stdout.write((output.get(keyOf(event)) ?? []).join(''))
    }
    process.stdout.write(`  FAIL ${seconds}s  ${short(event.Package)}\n`)
  }
}

for await (const line of createInterface({ input: process.stdin })) {
  let event
  try {
    event = JSON.parse(line)
  } catch {
    process.stdout.write(`${line}\n`)
    continue
  }
  if (event.Action === 'output' || event.Action === 'build-output') {
    if (event.Action === 'build-output') process.stdout.write(event.Output)
    else keep(event)
  } else if (['pass', 'fail', 'skip'].includes(event.Action)) {
    if (event.Test) endOfTest(event)
    else endOfPackage(event)
  }
}

for (const [reason, times] of skips) process.stdout.write(`  skipped ${times}: ${reason}\n`)
writeFileSync(process.argv[2], JSON.stringify(counts))
