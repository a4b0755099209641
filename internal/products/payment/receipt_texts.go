package payment

import (
	"maps"

	"github.com/tongbao/tongbao/internal/platform/i18n"
)

// documentTexts are the words of receipts, statements, exports and lists of transactions, and of what they refuse.
func documentTexts() i18n.Messages {
	all := i18n.Messages{
		ErrReceipt.Code():      {"没有找到这张回单。", "找不到這張回單。", "This receipt cannot be found."},
		ErrReceiptEarly.Code(): {"资金尚未到账，暂时没有回单。", "資金尚未到賬，暫時沒有回單。", "The money has not moved yet, so there is no receipt."},
		ErrTransaction.Code():  {"没有找到这笔交易。", "找不到這筆交易。", "This transaction cannot be found."},
		ErrFilter.Code():       {"筛选条件有误。", "篩選條件有誤。", "This filter does not make sense."},
		ErrCursor.Code():       {"列表已失效，请重新加载。", "列表已失效，請重新載入。", "The list is out of date. Please load it again."},
		ErrPeriod.Code():       {"请选择有效的起止日期，最长 {months} 个月。", "請選擇有效的起訖日期，最長 {months} 個月。", "Choose a valid period of at most {months} months."},
		ErrTooManyLines.Code(): {"记录超过 {most} 条，请缩短日期范围。", "記錄超過 {most} 筆，請縮短日期範圍。", "There are more than {most} entries. Choose a shorter period."},

		kindKey(TransferIn):  {"转入", "轉入", "Transfer received"},
		kindKey(TransferOut): {"转账", "轉賬", "Transfer"},
		kindKey(Fee):         {"手续费", "手續費", "Fee"},
		kindKey(Reversal):    {"冲正", "沖正", "Reversal"},
		kindKey(Interest):    {"利息", "利息", "Interest"},
		kindKey(SavingOut):   {"存入存款", "存入存款", "Into savings"},
		kindKey(SavingIn):    {"存款转出", "存款轉出", "From savings"},
		kindKey(CashIn):      {"现金存入", "現金存入", "Cash paid in"},
		kindKey(CashOut):     {"现金支取", "現金支取", "Cash drawn"},
		kindKey(OtherIn):     {"入账", "入賬", "Credit"},
		kindKey(OtherOut):    {"支出", "支出", "Debit"},
	}
	for _, part := range []i18n.Messages{receiptTexts(), statementTexts()} {
		maps.Copy(all, part)
	}
	return all
}

func receiptTexts() i18n.Messages {
	return i18n.Messages{
		"payment.receipt.title":      {"电子回单", "電子回單", "Electronic receipt"},
		"payment.receipt.seal":       {"电子回单专用章", "電子回單專用章", "电子回单专用章"},
		"payment.receipt.number":     {"回单编号", "回單編號", "Receipt no."},
		"payment.receipt.payer":      {"付款方", "付款方", "Payer"},
		"payment.receipt.payee":      {"收款方", "收款方", "Payee"},
		"payment.receipt.name":       {"户名", "戶名", "Name"},
		"payment.receipt.account":    {"账号", "賬號", "Account"},
		"payment.receipt.bank":       {"开户行", "開戶行", "Bank"},
		"payment.receipt.amount":     {"金额", "金額", "Amount"},
		"payment.receipt.capitals":   {"金额大写", "金額大寫", "In capitals"},
		"payment.receipt.fee":        {"手续费", "手續費", "Fee"},
		"payment.receipt.memo":       {"附言", "附言", "Memo"},
		"payment.receipt.date":       {"记账日期", "記賬日期", "Booked on"},
		"payment.receipt.at":         {"交易时间", "交易時間", "Settled at"},
		"payment.receipt.transfer":   {"交易流水号", "交易流水號", "Transfer no."},
		"payment.receipt.state":      {"状态", "狀態", "Status"},
		"payment.receipt.settled":    {"交易成功", "交易成功", "Settled"},
		"payment.receipt.reversed":   {"已冲正", "已沖正", "REVERSED"},
		"payment.receipt.reversedAt": {"已于 {at} 冲正", "已於 {at} 沖正", "Reversed at {at}"},
		"payment.receipt.verify":     {"扫码核验", "掃碼核驗", "Scan to verify"},
		"payment.receipt.note": {
			"本回单由{bank}电子签名，扫描二维码可核验内容与最新状态。可重复打印，请勿重复记账。打印时间 {at}",
			"本回單由{bank}電子簽章，掃描二維碼可核驗內容與最新狀態。可重複列印，請勿重複記賬。列印時間 {at}",
			"Signed electronically by {bank}. Scan the code to check it and its latest status. It may be printed again; book it only once. Printed at {at}"},
	}
}

func statementTexts() i18n.Messages {
	return i18n.Messages{
		"payment.statement.title":    {"账户交易明细", "賬戶交易明細", "Account statement"},
		"payment.statement.holder":   {"户名", "戶名", "Holder"},
		"payment.statement.account":  {"账号", "賬號", "Account"},
		"payment.statement.period":   {"起止日期", "起訖日期", "Period"},
		"payment.statement.span":     {"{from} 至 {to}", "{from} 至 {to}", "{from} to {to}"},
		"payment.statement.currency": {"币种", "幣別", "Currency"},
		"payment.statement.opening":  {"期初余额", "期初餘額", "Opening balance"},
		"payment.statement.closing":  {"期末余额", "期末餘額", "Closing balance"},
		"payment.statement.in":       {"收入合计", "收入合計", "Total in"},
		"payment.statement.out":      {"支出合计", "支出合計", "Total out"},
		"payment.statement.sum":      {"{amount}（{count} 笔）", "{amount}（{count} 筆）", "{amount} ({count})"},
		"payment.statement.empty":    {"本期没有交易", "本期沒有交易", "No transactions in this period"},
		"payment.statement.end":      {"—— 以下空白 ——", "—— 以下空白 ——", "— end of statement —"},
		"payment.statement.note": {
			"本明细由{bank}电子签名，任何改动都会使签名失效。生成时间 {at}",
			"本明細由{bank}電子簽章，任何改動都會使簽章失效。產生時間 {at}",
			"Signed electronically by {bank}: any change breaks the signature. Made at {at}"},

		"payment.line.date":         {"记账日期", "記賬日期", "Date"},
		"payment.line.time":         {"交易时间", "交易時間", "Time"},
		"payment.line.account":      {"账户尾号", "賬戶尾號", "Account ending"},
		"payment.line.title":        {"摘要", "摘要", "Description"},
		"payment.line.in":           {"收入", "收入", "In"},
		"payment.line.out":          {"支出", "支出", "Out"},
		"payment.line.amount":       {"金额", "金額", "Amount"},
		"payment.line.balance":      {"余额", "餘額", "Balance"},
		"payment.line.currency":     {"币种", "幣別", "Currency"},
		"payment.line.counterparty": {"对方", "對方", "Counterparty"},
		"payment.line.other":        {"对方账号", "對方賬號", "Counterparty account"},
		"payment.line.memo":         {"附言", "附言", "Memo"},
		"payment.line.status":       {"状态", "狀態", "Status"},
		"payment.line.reversed":     {"已冲正", "已沖正", "Reversed"},
		"payment.line.transfer":     {"交易流水号", "交易流水號", "Transfer no."},
	}
}

// kindKey is the key of a kind's name.
func kindKey(k Kind) string { return "payment.kind." + string(k) }

// words are the texts of one document in one language.
type words struct {
	catalog *i18n.Catalog
	locale  i18n.Locale
}

func newWords(locale i18n.Locale) words { return words{i18n.NewCatalog(documentTexts()), locale} }

// of is a text; parameters come as name, value, name, value.
func (w words) of(key string, params ...string) string {
	named := make(map[string]string, len(params)/2)
	for i := 0; i+1 < len(params); i += 2 {
		named[params[i]] = params[i+1]
	}
	return w.catalog.Text(w.locale, key, named)
}
