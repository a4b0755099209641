package mobile

import "github.com/tongbao/tongbao/internal/platform/i18n"

// Texts are the words of the public page of a receipt; what stands on the paper too is payment's.
func Texts() i18n.Messages {
	return i18n.Messages{
		"page.receipt.title": {"电子回单核验", "電子回單核驗", "Receipt check"},
		"page.receipt.true": {
			"本回单由{bank}签发，以下内容以银行记录为准。", "本回單由{bank}簽發，以下內容以銀行記錄為準。",
			"{bank} issued this receipt. What stands below is what the bank's books say."},
		"page.receipt.compare": {
			"请与手中的回单逐项核对；为保护隐私，姓名和账号已部分隐藏。", "請與手中的回單逐項核對；為保護隱私，姓名和帳號已部分隱藏。",
			"Compare it with the paper in your hand. Names and account numbers are partly hidden, for privacy."},
		"page.receipt.missing": {
			"请确认链接完整。链接可能已被持有人关闭，或已超过有效期。", "請確認連結完整。連結可能已被持有人關閉，或已超過有效期。",
			"Please make sure that the link is whole. Its owner may have closed it, or it is too old."},
		"page.receipt.language": {"语言", "語言", "Language"},
	}
}
