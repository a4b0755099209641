package console

import "github.com/tongbao/tongbao/internal/platform/i18n"

// Texts are what the console's own refusals say.
func Texts() i18n.Messages {
	return i18n.Messages{
		errCredential.Code(): {"通行密钥的回答有误", "通行金鑰的回答有誤", "This is no answer of a passkey"},
		errSearch.Code():     {"请只按一项查询", "請只按一項查詢", "Search by exactly one thing"},

		"console.export.audit":         {"审计记录", "審計記錄", "Audit records"},
		"console.export.entries":       {"分录", "分錄", "Entries"},
		"console.export.trial_balance": {"试算平衡表", "試算平衡表", "Trial balance"},
		"console.export.id":            {"编号", "編號", "Id"},
		"console.export.at":            {"时间", "時間", "Time"},
		"console.export.act":           {"事项", "事項", "Act"},
		"console.export.kind":          {"行为人类别", "行為人類別", "Kind of actor"},
		"console.export.actor":         {"行为人", "行為人", "Actor"},
		"console.export.subject":       {"对象", "對象", "Subject"},
		"console.export.customer":      {"客户", "客戶", "Customer"},
		"console.export.outcome":       {"结果", "結果", "Outcome"},
		"console.export.code":          {"代码", "代碼", "Code"},
		"console.export.reason":        {"理由", "理由", "Reason"},
		"console.export.branch":        {"网点", "網點", "Branch"},
		"console.export.channel":       {"渠道", "渠道", "Channel"},
		"console.export.leaf":          {"日志序号", "日誌序號", "Leaf"},
		"console.export.journal":       {"凭证", "憑證", "Journal"},
		"console.export.line":          {"行", "行", "Line"},
		"console.export.day":           {"营业日", "營業日", "Business day"},
		"console.export.reference":     {"关联", "關聯", "Reference"},
		"console.export.account":       {"账户", "賬戶", "Account"},
		"console.export.heading":       {"科目", "科目", "Heading"},
		"console.export.side":          {"借贷", "借貸", "Side"},
		"console.export.amount":        {"金额", "金額", "Amount"},
		"console.export.currency":      {"币种", "幣種", "Currency"},
		"console.export.debit":         {"借方", "借方", "Debits"},
		"console.export.credit":        {"贷方", "貸方", "Credits"},
		"console.export.balance":       {"余额", "餘額", "Balance"},
		"console.export.cut":           {"行数过多,其余未导出:请缩小范围。", "行數過多,其餘未匯出:請縮小範圍。", "Too many rows: the others were left out; narrow the filter."},
		"console.export.mark":          {"{bank} · 由 {who}({staff})于 {at} 导出 · 审计记录 {record} · 仅供内部使用", "{bank} · 由 {who}({staff})於 {at} 匯出 · 審計記錄 {record} · 僅供內部使用", "{bank} · exported by {who} ({staff}) at {at} · audit record {record} · for internal use only"},
	}
}
