import vue from '@vitejs/plugin-vue'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { boot } from '../scripts/boot.ts'
import { serviceWorker } from '../scripts/service-worker.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const { version } = JSON.parse(readFileSync(here('../package.json'), 'utf8')) as { version: string }

/** Few files instead of many: what every visit needs, the words of the first page, and the parts that pages share; each page stays its own. */
const chunks = [
  { name: 'vue', tags: ['$initial' as const], test: /node_modules/, priority: 4 },
  { name: 'core', tags: ['$initial' as const], priority: 3 },
  { debugName: 'words', name: (id: string) => `words-${/([\w-]+)\.ts$/.exec(id)?.[1] ?? ''}`, test: /(shared|src\/app|features\/welcome)\/text\/(zh-hans|zh-hant|en)\.ts$/, priority: 2 },
  { name: 'act', test: /shared\/ui\/(button|spinner|coin-mark)\.vue/, priority: 2 },
  { name: 'kit', test: /shared\/(ui\/(?!qr-code)|use|values|api|text\/problem-text)|src\/app\/[^/]+$/, minShareCount: 2, priority: 1 },
]

const alias = { '@shared': here('../shared'), '@app': here('src/app') }

export default defineConfig({
  root: here('.'),
  plugins: [vue(), boot(here('src/boot.ts'), alias), serviceWorker(here('src/worker.ts'))],
  resolve: { alias },
  define: { __APP_VERSION__: JSON.stringify(version), __VUE_OPTIONS_API__: false, __VUE_PROD_DEVTOOLS__: false, __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false },
  build: {
    rolldownOptions: { output: { codeSplitting: { groups: chunks } } },
    assetsInlineLimit: 0, // no data: URLs: the content security policy allows none
    modulePreload: { polyfill: false },
  },
  server: { port: 5173, proxy: { '/api': 'http://127.0.0.1:8080', '/dev': 'http://127.0.0.1:8080' } },
})
