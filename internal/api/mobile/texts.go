package mobile

import "github.com/tongbao/tongbao/internal/platform/i18n"

// Texts are the words of the public pages of receipts and statements; what stands on the papers too is payment's and insight's.
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
		"page.receipt.good":    {"交易成功", "交易成功", "Settled"},
		"page.statement.title": {"对账单核验", "對賬單核驗", "Statement check"},
		"page.statement.made":  {"生成时间", "產生時間", "Made at"},
		"page.statement.good":  {"对账单真实", "對賬單真實", "Genuine"},
		"page.statement.true": {
			"本对账单由{bank}签发，以下合计以银行账簿为准。", "本對賬單由{bank}簽發，以下合計以銀行賬簿為準。",
			"{bank} issued this statement. The totals below are what the bank's books say."},
		"page.statement.compare": {
			"请与手中的对账单逐项核对；为保护隐私，姓名已部分隐藏，明细不在此显示。", "請與手中的對賬單逐項核對；為保護隱私，姓名已部分隱藏，明細不在此顯示。",
			"Compare it with the paper in your hand. The name is partly hidden and entries are not shown, for privacy."},
		"page.statement.missing": {
			"请确认链接完整。链接可能已超过有效期。", "請確認連結完整。連結可能已超過有效期。",
			"Please make sure that the link is whole. It may be too old."},
		"page.receipt.language": {"语言", "語言", "Language"},
	}
}
