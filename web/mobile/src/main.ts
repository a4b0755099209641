import '@shared/theme/tokens.css'
import '@shared/theme/base.css'
import { watchOnline } from '@shared/use/online'
import { startPrefs } from '@shared/use/prefs'
import { common } from '@shared/text/common'
import { createApp } from 'vue'
import App from './app/app.vue'
import { loadConfig } from './app/config'
import { router } from './app/router'
import { watchShell } from './app/shell'
import { frameText } from './app/text/frame'

/**
 * Starts the app, with breaths between, so that a slow phone is never deaf for long. Not awaited at the top: pages import the file
 * that this becomes a part of, and would wait for it for ever.
 */
async function start(): Promise<void> {
  watchOnline()
  // The words of the frame and the first page are fetched side by side; the coin of index.html stands there meanwhile.
  const words = startPrefs([common, frameText])
  await breath()
  void loadConfig()
  const app = createApp(App).use(router)
  await Promise.all([words, router.isReady()])
  await breath()
  app.mount('#app')
  watchShell()
}

/** Lets the browser do what waits. Not a frame: a page that is loaded behind another has none. */
function breath(): Promise<void> {
  return new Promise((done) => setTimeout(done))
}

void start()
