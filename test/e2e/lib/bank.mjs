// Starts the real binary with a demo bank of its own, and stops it.
import { spawn } from 'node:child_process'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export const repository = resolve(dirname(fileURLToPath(import.meta.url)), '../../..')
const binary = process.env.TONGBAO_BIN ?? join(repository, 'bin/tongbao')

const readySeconds = 120 // a demo year is made in under 60 s on an idle machine
const stopSeconds = 15
const keptLogLines = 200

/**
 * A running bank.
 * @typedef {object} Bank
 * @property {string} mobile address of the customer app, without a slash at the end
 * @property {string} console address of the staff console
 * @property {string} metrics address of the metrics
 * @property {object} ready everything that the bank said when it was ready
 * @property {string} data its data folder
 * @property {() => string} log the last lines that it wrote
 * @property {() => Promise<void>} stop stops it and removes its data; rejects when it did not end cleanly
 */

/**
 * Starts a bank on free ports. Where run.mjs prepared a template, the bank starts from a copy of it:
 * a year of demo data in milliseconds, and no test sees what another did.
 * @param {{ args?: string[], env?: Record<string, string>, fresh?: boolean }} [options]
 * @returns {Promise<Bank>}
 */
export async function startBank({ args = [], env = {}, fresh = false } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'tongbao-e2e-'))
  const template = process.env.TONGBAO_E2E_TEMPLATE
  if (template && !fresh) await cp(template, folder, { recursive: true })
  return serve(folder, args, env, () => rm(folder, { recursive: true, force: true }))
}

/** Makes a demo bank in a folder and stops it again: what startBank copies. */
export async function makeTemplate(folder) {
  const bank = await serve(folder, [], {}, async () => {})
  await bank.stop()
}

async function serve(folder, args, env, cleanUp) {
  const data = join(folder, 'data')
  const child = spawn(
    binary,
    [
      'serve', '--demo', '--customers', '40', '--data', data, '--keys', join(folder, 'keys'),
      '--listen', '127.0.0.1:0', '--console-listen', '127.0.0.1:0', '--metrics-listen', '127.0.0.1:0', '--simulator-delay', '100ms',
      ...args,
    ],
    { cwd: repository, env: { ...process.env, ...env, TONGBAO_READY_JSON: '1' }, stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const lines = []
  const keep = line => {
    lines.push(line)
    if (lines.length > keptLogLines) lines.shift()
  }
  const log = () => lines.join('\n')
  const exited = new Promise(done => {
    child.once('error', error => done({ error }))
    child.once('exit', (code, signal) => done({ code, signal }))
  })
  // A test file that dies takes its bank with it.
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)

  createInterface({ input: child.stderr }).on('line', keep)
  const said = new Promise(done => {
    createInterface({ input: child.stdout }).on('line', line => {
      keep(line)
      const ready = readyLine(line)
      if (ready) done(ready)
    })
  })

  async function end() {
    child.kill('SIGTERM')
    const result = await within(stopSeconds, exited)
    if (!result) child.kill('SIGKILL')
    process.off('exit', kill)
    await cleanUp()
    return result
  }

  const ready = await within(readySeconds, Promise.race([said, exited]))
  if (!ready?.ready) {
    await end()
    const why = ready ? `it ended: ${ready.error?.message ?? `code ${ready.code}, signal ${ready.signal}`}` : `not within ${readySeconds} s`
    throw new Error(`${binary} did not become ready: ${why}\n${log()}`)
  }
  return {
    ready,
    data,
    mobile: trim(ready.mobile),
    console: trim(ready.console),
    metrics: trim(ready.metrics),
    log,
    async stop() {
      const result = await end()
      if (!result) throw new Error(`the bank did not stop within ${stopSeconds} s\n${log()}`)
      if (result.code !== 0) throw new Error(`the bank stopped with code ${result.code}, signal ${result.signal}\n${log()}`)
    },
  }
}

function readyLine(line) {
  if (!line.startsWith('{')) return undefined
  try {
    const value = JSON.parse(line)
    return value.ready === true ? value : undefined
  } catch {
    return undefined
  }
}

const trim = address => (address ?? '').replace(/\/$/, '')

/** Resolves with the promise's value, or with undefined when it took too long. */
async function within(seconds, promise) {
  let timer
  const late = new Promise(done => {
    timer = setTimeout(done, seconds * 1000)
  })
  try {
    return await Promise.race([promise, late])
  } finally {
    clearTimeout(timer)
  }
}
