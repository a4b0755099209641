import type { Translation } from '@shared/i18n/text'
import type { messages as first } from './zh-hans'

export const messages: Translation<typeof first> = {
  'title': '說明',
  'lead': '先看看這裡有沒有你要的答案。',
  'lost.q': '手機遺失了怎麼辦？',
  'lost.a': '在任何一台裝置上登入，開啟「安全中心」，先緊急凍結，再把遺失的裝置移除。凍結後錢只進不出，隨時可以解凍。',
  'pin.q': '忘記支付密碼怎麼辦？',
  'pin.a': '在「安全中心」重設支付密碼，要先核驗身分。重設後一段時間內限額會降低，這是為了保護你。',
  'wrong.q': '轉錯了人，錢能追回來嗎？',
  'wrong.a': '選「普通」或「次日」到帳的，到帳前可以在交易明細裡取消。即時到帳的不能取消，請盡快聯絡收款人和我們。',
  'limit.q': '怎樣提高轉帳限額？',
  'limit.a': '先完成實名核驗。核驗後可在「安全中心」的限額裡，在法規允許的範圍內自己調整。',
  'receipt.q': '電子回單有效嗎？',
  'receipt.a': '回單帶有銀行的電子簽章。收到的人掃一掃上面的二維碼，就能核對真偽。',
  'type.q': '字太小，看不清？',
  'type.a': '在「設定」裡開啟大字模式，字和按鈕都會放大。',
}
