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

watchOnline()
void loadConfig()
// The words of the frame and the first page are fetched side by side; the coin of index.html stands there meanwhile.
const words = startPrefs([common, frameText])
const app = createApp(App).use(router)
await Promise.all([words, router.isReady()])
app.mount('#app')
watchShell()
