import { createHash } from 'node:crypto'
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { transformWithOxc, type Plugin } from 'vite'

/** Too big for the shell of a phone; such a file is fetched when a page asks for it. */
const largestBytes = 400_000

/** Writes /sw.js: the worker's source with the list of built files and a version made of their contents. */
export function serviceWorker(source: string): Plugin {
  let publicDir = ''
  return {
    name: 'tongbao-service-worker',
    apply: 'build',
    configResolved(config) {
      publicDir = config.publicDir
    },
    async generateBundle(_, bundle) {
      const hash = createHash('sha256')
      const files = ['/']
      for (const [name, item] of Object.entries(bundle).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
        const content = item.type === 'chunk' ? item.code : item.source
        hash.update(name).update(content)
        if (name !== 'index.html' && content.length <= largestBytes) files.push(`/${name}`)
      }
      for (const name of listFiles(publicDir)) {
        hash.update(name).update(readFileSync(join(publicDir, name)))
        files.push(`/${name}`)
      }
      const shell = JSON.stringify({ version: hash.digest('hex').slice(0, 12), files })
      const { code } = await transformWithOxc(readFileSync(source, 'utf8'), 'worker.ts')
      this.emitFile({ type: 'asset', fileName: 'sw.js', source: code.replace('__SHELL__', () => shell) })
    },
  }
}

function listFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted()
}
