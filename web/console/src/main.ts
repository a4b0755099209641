import '@shared/theme/tokens.css'
import '@shared/theme/base.css'
import 'element-plus/theme-chalk/base.css'
import '@shared/theme/element.css'
import './app/console.css'
import './app/plain-table.css'
import { common } from '@shared/text/common'
import { watchOnline } from '@shared/use/online'
import { startPrefs } from '@shared/use/prefs'
import { createApp } from 'vue'
import App from './app/app.vue'
import { router } from './app/router'
import { frameText } from './app/text/frame'

watchOnline()
await startPrefs([common, frameText])
createApp(App).use(router).mount('#app')
