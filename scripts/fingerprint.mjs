// Prints one hash over the names and contents of files and folders, so that work is redone only when
// a source changed: touching a file or switching branches back and forth costs nothing.
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'

const skipped = new Set(['node_modules', 'dist', 'coverage'])
const hash = createHash('sha256')

function add(path) {
  if (!statSync(path).isDirectory()) {
    hash.update(`${path}\0`).update(readFileSync(path)).update('\0')
    return
  }
  for (const name of readdirSync(path).sort()) {
    if (!skipped.has(name) && !name.startsWith('.')) add(join(path, name))
  }
}

process.argv.slice(2).forEach(add)
process.stdout.write(`${hash.digest('hex')}\n`)
