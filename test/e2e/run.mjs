// Runs the browser tests: prepares one demo bank, which every test file copies, then node's test runner.
// Usage: node run.mjs [--counts FILE] [name of a test file, or part of it]...
import { spawn } from 'node:child_process'
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { makeTemplate } from './lib/bank.mjs'

const here = dirname(fileURLToPath(import.meta.url))
const testSeconds = 120
/** Files at the same time. One more than two processors, because tests also wait: for the bank, its jobs, and the screen. */
const filesAtOnce = Number(process.env.TONGBAO_E2E_FILES ?? 3)

const args = process.argv.slice(2)
const countsAt = args.indexOf('--counts')
const countsFile = countsAt < 0 ? undefined : args.splice(countsAt, 2)[1]

const files = (await readdir(join(here, 'tests')))
  .filter(name => name.endsWith('.test.mjs') && (args.length === 0 || args.some(part => name.includes(part))))
  .sort()
if (files.length === 0) throw new Error(`no test file matches ${args.join(' ')}`)

const work = await mkdtemp(join(tmpdir(), 'tongbao-e2e-run-'))
try {
  process.exitCode = await run()
} finally {
  await rm(work, { recursive: true, force: true })
}

async function run() {
  const template = join(work, 'template')
  const begin = Date.now()
  await makeTemplate(template)
  process.stdout.write(`demo bank made in ${((Date.now() - begin) / 1000).toFixed(1)} s\n`)

  const tap = join(work, 'tap')
  const child = spawn(
    process.execPath,
    [
      '--test', `--test-concurrency=${filesAtOnce}`, `--test-timeout=${testSeconds * 1000}`,
      '--test-reporter=spec', '--test-reporter-destination=stdout',
      '--test-reporter=tap', `--test-reporter-destination=${tap}`,
      ...files.map(name => join(here, 'tests', name)),
    ],
    { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, TONGBAO_E2E_TEMPLATE: template } },
  )
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal))
  const code = await new Promise(done => child.once('exit', (status, signal) => done(signal ? 130 : status)))
  if (countsFile) await writeFile(countsFile, JSON.stringify(await counts(tap)))
  return code
}

/** The totals that node's TAP report ends with: "# pass 12". */
async function counts(tap) {
  const text = await readFile(tap, 'utf8').catch(() => '')
  const total = name => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0)
  return { passed: total('pass'), failed: total('fail') + total('cancelled'), skipped: total('skipped') + total('todo') }
}
