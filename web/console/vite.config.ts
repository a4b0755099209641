import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: here('.'),
  plugins: [vue()],
  resolve: { alias: { '@shared': here('../shared'), '@console': here('src/app') } },
  define: { __VUE_PROD_DEVTOOLS__: false, __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: false },
  build: {
    assetsInlineLimit: 0, // no data: URLs: the content security policy allows none
    modulePreload: { polyfill: false },
  },
  server: { port: 5174, proxy: { '/api': 'http://127.0.0.1:8081' } },
})
