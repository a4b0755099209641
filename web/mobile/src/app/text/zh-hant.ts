import type { Translation } from '@shared/i18n/text'
import type { messages as first } from './zh-hans'

export const messages: Translation<typeof first> = {
  'place.home': '首頁',
  'place.wealth': '理財',
  'place.pay': '收付',
  'place.life': '生活',
  'place.messages': '訊息',
  'place.me': '我的',
  'drawer.open': '開啟側欄',
  'drawer.title': '通寶',
  'drawer.welcome': '歡迎',
  'drawer.settings': '設定',
  'drawer.security': '安全中心',
  'drawer.language': '語言',
  'drawer.help': '說明',
  'drawer.about': '關於',
  'drawer.large': '大字模式',
  'drawer.largeNote': '字更大，按鈕更大',
  'update.ready': '有新版本了',
  'update.take': '更新',
  'missing.title': '沒有這個頁面',
  'missing.text': '它可能已經搬走，或者網址寫錯了。',
  'missing.home': '回到首頁',
}
