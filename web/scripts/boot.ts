import { basename } from 'node:path'
import { build, type Plugin, type Rolldown } from 'vite'

type Bundle = Rolldown.OutputBundle
type Chunk = Rolldown.OutputChunk & { viteMetadata?: { importedCss: Set<string> } }

/** What the first page may be, by its file. */
const firstPages = { welcome: 'features/welcome/pages/welcome.vue', home: 'features/home/pages/home.vue' }
const languages = { 'zh-Hans': 'zh-hans', 'zh-Hant': 'zh-hant', en: 'en' }

/** Writes /boot.js from its source: one plain script that knows by name the files that come first, so that none waits for another. */
export function boot(source: string, alias: Record<string, string>): Plugin {
  return {
    name: 'tongbao-boot',
    transformIndexHtml: () => [{ tag: 'script', attrs: { src: '/boot.js' }, injectTo: 'head-prepend' }],
    async generateBundle(_, bundle) {
      this.emitFile({ type: 'asset', fileName: 'boot.js', source: await script(source, alias, ahead(bundle)) })
    },
    configureServer(server) {
      server.middlewares.use('/boot.js', (_request, response, next) => {
        script(source, alias, { words: {}, pages: {} })
          .then((code) => response.setHeader('Content-Type', 'text/javascript').end(code))
          .catch(next)
      })
    },
  }
}

async function script(source: string, alias: Record<string, string>, files: unknown): Promise<string> {
  const [result] = (await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    resolve: { alias },
    define: { __AHEAD__: JSON.stringify(files) },
    build: { write: false, lib: { entry: source, formats: ['iife'], name: 'boot' } },
  })) as Rolldown.RolldownOutput[] // a library build gives one result for each format
  if (result === undefined) throw new Error(`${basename(source)} gave no script`)
  return result.output[0].code
}

function ahead(bundle: Bundle) {
  const chunks = Object.values(bundle).filter((item): item is Chunk => item.type === 'chunk')
  const known = new Set(chunks.filter((chunk) => chunk.isEntry).flatMap((chunk) => withImports(chunk, bundle)))
  const holding = (module: string) => {
    const found = chunks.find((chunk) => chunk.moduleIds.some((id) => id.endsWith(module)))
    if (found === undefined) throw new Error(`no chunk holds ${module}: /boot.js cannot name it`)
    return found
  }
  const filesOf = (chunk: Chunk) => withImports(chunk, bundle).filter((file) => !known.has(file)).map((file) => `/${file}`)
  return {
    words: Object.fromEntries(Object.entries(languages).map(([locale, file]) => [locale, filesOf(holding(`shared/text/${file}.ts`))])),
    pages: Object.fromEntries(Object.entries(firstPages).map(([name, module]) => [name, filesOf(holding(module))])),
  }
}

/** The files that a chunk needs before it can run: itself, what it imports, and their styles. */
function withImports(chunk: Chunk, bundle: Bundle, seen = new Set<string>()): string[] {
  if (seen.has(chunk.fileName)) return []
  seen.add(chunk.fileName)
  for (const name of chunk.imports) {
    const imported = bundle[name]
    if (imported?.type === 'chunk') withImports(imported, bundle, seen)
  }
  for (const style of chunk.viteMetadata?.importedCss ?? []) seen.add(style)
  return [...seen]
}
