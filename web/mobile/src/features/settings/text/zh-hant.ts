import type { Translation } from '@shared/i18n/text'
import type { messages as first } from './zh-hans'

export const messages: Translation<typeof first> = {
  'title': '設定',
  'about': '關於通寶',
  'language': '語言',
  'languageAuto': '跟隨瀏覽器',
  'look': '外觀',
  'theme': '配色',
  'system': '跟隨系統',
  'light': '淺色',
  'dark': '深色',
  'large': '大字模式',
  'largeNote': '字和按鈕都放大，適合長輩',
  'gains': '漲跌顏色',
  'gainsRed': '紅漲綠跌',
  'gainsGreen': '綠漲紅跌',
  'sample': '這樣顯示',
  'stored': '這些選擇只儲存在這台裝置上。',
  'aboutLead': '通寶是開源的手機銀行平台。',
  'aboutMark': '標誌是一枚方孔古錢：外圓內方，取信於人。',
  'version': '網頁版本',
  'bank': '銀行',
  'licence': '授權',
  'update': '檢查更新',
  'updateNone': '已經是最新版本',
  'demo': '這是示範銀行，錢不是真的。',
}
