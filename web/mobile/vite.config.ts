import vue from '@vitejs/plugin-vue'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'
import { serviceWorker } from '../scripts/service-worker.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const { version } = JSON.parse(readFileSync(here('../package.json'), 'utf8')) as { version: string }

/** Few files instead of many: what every visit needs, and the parts that pages share; each page stays its own. */
const chunks = [
  { name: 'core', test: /node_modules\/(@vue|vue|vue-router|openapi-fetch)\/|shared\/(api|i18n|use|values|text\/common)|src\/app\/(?!text\/|pages\/|drawer\.vue|identity\/|step-up\/(?!index|text\/index))|features\/[^/]+\/(feature|text\/index)\.ts/, priority: 2 },
  { name: 'kit', test: /shared\/(ui\/(?!qr-code)|text\/problem-text)/, minShareCount: 2, priority: 1 },
]

export default defineConfig({
  root: here('.'),
  plugins: [vue(), serviceWorker(here('src/worker.ts'))],
  resolve: { alias: { '@shared': here('../shared'), '@app': here('src/app') } },
  define: { __APP_VERSION__: JSON.stringify(version), __VUE_OPTIONS_API__: false, __VUE_PROD_DEVTOOLS__: false, __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false },
  build: {
    rolldownOptions: { output: { codeSplitting: { groups: chunks } } },
    assetsInlineLimit: 0, // no data: URLs: the content security policy allows none
    modulePreload: { polyfill: false },
  },
  server: { port: 5173, proxy: { '/api': 'http://127.0.0.1:8080', '/dev': 'http://127.0.0.1:8080' } },
})
