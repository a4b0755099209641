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
await startPrefs([common, frameText])
void loadConfig()
createApp(App).use(router).mount('#app')
watchShell()
