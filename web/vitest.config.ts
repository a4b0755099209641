import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  plugins: [vue()],
  resolve: { alias: { '@shared': here('shared'), '@app': here('mobile/src/app'), '@console': here('console/src/app') } },
  define: { __APP_VERSION__: '"test"' },
  test: { environment: 'happy-dom', include: ['{shared,mobile,console,scripts}/**/*.test.ts'], restoreMocks: true, server: { deps: { inline: ['vant'] } } },
})
