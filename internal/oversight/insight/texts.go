package insight

import (
	"maps"

	"github.com/tongbao/tongbao/internal/platform/i18n"
)

// Texts are this room's words for people.
func Texts() i18n.Messages {
	all := i18n.Messages{
		ErrMonth.Code():       {"请选择已经开始的月份或年份。", "請選擇已經開始的月份或年份。", "Choose a month or year that has begun."},
		ErrCategory.Code():    {"没有这个类别，或收支方向不符。", "沒有這個類別，或收支方向不符。", "There is no such category for money that goes this way."},
		ErrFixed.Code():       {"这笔交易的类别不能更改。", "這筆交易的類別不能更改。", "The category of this transaction cannot be changed."},
		ErrNoPayee.Code():     {"这笔交易没有对方，只能更改这一笔。", "這筆交易沒有對方，只能更改這一筆。", "This transaction has no other party: only this one can be changed."},
		ErrCorrections.Code(): {"自定义分类已达上限（{most} 条）。", "自訂分類已達上限（{most} 條）。", "You have corrected as much as can be kept ({most})."},
		ErrBudget.Code():      {"预算须为大于零的人民币金额。", "預算須為大於零的人民幣金額。", "A budget is an amount above zero, in yuan."},
		ErrStatement.Code():   {"没有找到这份对账单。", "找不到這份對賬單。", "This statement cannot be found."},
		ErrCursor.Code():      {"列表已失效，请重新加载。", "列表已失效，請重新載入。", "The list is out of date. Please load it again."},

		"notify.insight.statement.title":   {"{month}对账单已生成", "{month}對賬單已產生", "Your statement for {month} is ready"},
		"notify.insight.statement.body":    {"您{month}的对账单已生成，可在「对账单」查看和下载。", "您{month}的對賬單已產生，可在「對賬單」查看和下載。", "Your statement for {month} is ready. See it under Statements."},
		"notify.insight.budget_near.title": {"预算快用完了：{category}", "預算快用完了：{category}", "Budget nearly used: {category}"},
		"notify.insight.budget_near.body":  {"本月「{category}」预算 {amount}，已支出 {spent}。", "本月「{category}」預算 {amount}，已支出 {spent}。", "You have spent {spent} of {amount} for {category} this month."},
		"notify.insight.budget_near.sms":   {"【通宝】本月「{category}」预算 {amount}，已支出 {spent}。", "【通寶】本月「{category}」預算 {amount}，已支出 {spent}。", "Tongbao: {spent} of {amount} for {category} spent this month."},
		"notify.insight.budget_full.title": {"预算已用完：{category}", "預算已用完：{category}", "Budget used up: {category}"},
		"notify.insight.budget_full.body":  {"本月「{category}」预算 {amount} 已用完，已支出 {spent}。", "本月「{category}」預算 {amount} 已用完，已支出 {spent}。", "Your budget of {amount} for {category} is used up: {spent} spent this month."},
		"notify.insight.budget_full.sms":   {"【通宝】本月「{category}」预算 {amount} 已用完，已支出 {spent}。", "【通寶】本月「{category}」預算 {amount} 已用完，已支出 {spent}。", "Tongbao: budget of {amount} for {category} used up, {spent} spent."},
	}
	for _, part := range []i18n.Messages{categoryTexts(), paperTexts()} {
		maps.Copy(all, part)
	}
	return all
}

func categoryTexts() i18n.Messages {
	return i18n.Messages{
		nameKey(Total):       {"全部支出", "全部支出", "All spending"},
		nameKey(Own):         {"本人账户互转", "本人賬戶互轉", "Between own accounts"},
		nameKey("dining"):    {"餐饮", "餐飲", "Eating out"},
		nameKey("groceries"): {"超市日用", "超市日用", "Groceries"},
		nameKey("shopping"):  {"购物", "購物", "Shopping"},
		nameKey("transport"): {"交通出行", "交通出行", "Transport"},
		nameKey("housing"):   {"住房", "住房", "Housing"},
		nameKey("utilities"): {"生活缴费", "生活繳費", "Bills"},
		nameKey("health"):    {"医疗健康", "醫療健康", "Health"},
		nameKey("education"): {"教育图书", "教育圖書", "Learning"},
		nameKey("leisure"):   {"休闲娱乐", "休閒娛樂", "Leisure"},
		nameKey("care"):      {"个人护理", "個人護理", "Personal care"},
		nameKey("family"):    {"人情亲友", "人情親友", "Family and gifts"},
		nameKey("cash"):      {"取现", "提現", "Cash drawn"},
		nameKey("fees"):      {"手续费", "手續費", "Fees"},
		nameKey("other_out"): {"其他支出", "其他支出", "Other spending"},
		nameKey("salary"):    {"工资奖金", "工資獎金", "Salary"},
		nameKey("interest"):  {"利息", "利息", "Interest"},
		nameKey("gifts"):     {"礼金红包", "禮金紅包", "Gifts"},
		nameKey("refund"):    {"退款报销", "退款報銷", "Refunds"},
		nameKey("cash_in"):   {"现金存入", "現金存入", "Cash paid in"},
		nameKey("other_in"):  {"其他收入", "其他收入", "Other income"},
	}
}

func paperTexts() i18n.Messages {
	return i18n.Messages{
		"insight.paper.month":      {"月度对账单", "月度對賬單", "Monthly statement"},
		"insight.paper.year":       {"年度收支报告", "年度收支報告", "Year summary"},
		"insight.paper.year_span":  {"{year}年", "{year}年", "{year}"},
		"insight.paper.so_far":     {"截至 {on}", "截至 {on}", "as of {on}"},
		"insight.paper.seal":       {"对账单专用章", "對賬單專用章", "对账单专用章"},
		"insight.paper.number":     {"对账单编号", "對賬單編號", "Statement no."},
		"insight.paper.totals":     {"资金总览", "資金總覽", "Overview"},
		"insight.paper.accounts":   {"账户与存款", "賬戶與存款", "Accounts and deposits"},
		"insight.paper.account":    {"账户", "賬戶", "Account"},
		"insight.paper.terms":      {"账号/利率", "賬號/利率", "Number / rate"},
		"insight.paper.rate":       {"年利率 {rate}%", "年利率 {rate}%", "{rate}% a year"},
		"insight.paper.rate_until": {"{rate}%，{on} 到期", "{rate}%，{on} 到期", "{rate}%, ends {on}"},
		"insight.paper.entries":    {"交易明细 · {account}", "交易明細 · {account}", "Transactions · {account}"},
		"insight.paper.in":         {"收入", "收入", "Income"},
		"insight.paper.out":        {"支出", "支出", "Spending"},
		"insight.paper.interest":   {"其中利息", "其中利息", "Interest"},
		"insight.paper.earned":     {"利息收入（税前）", "利息收入（稅前）", "Interest before tax"},
		"insight.paper.tax":        {"代扣利息税", "代扣利息稅", "Tax withheld"},
		"insight.paper.own":        {"收入与支出不含本人账户、存款与目标储蓄之间的互转。", "收入與支出不含本人賬戶、存款與目標儲蓄之間的互轉。", "Income and spending leave out what moved between your own accounts, deposits and pots."},
		"insight.paper.months":     {"各月收支", "各月收支", "Month by month"},
		"insight.paper.categories": {"分类收支", "分類收支", "By category"},
		"insight.paper.balances":   {"年末余额", "年末餘額", "Balances at year end"},
		"insight.paper.month_head": {"月份", "月份", "Month"},
		"insight.paper.category":   {"类别", "類別", "Category"},
		"insight.paper.count":      {"笔数", "筆數", "Count"},
		"insight.paper.share":      {"占比", "佔比", "Share"},
		"insight.paper.note": {
			"本对账单由{bank}电子签名，任何改动都会使签名失效；扫描二维码可核验。余额以账簿日终余额为准。生成时间 {at}",
			"本對賬單由{bank}電子簽章，任何改動都會使簽章失效；掃描二維碼可核驗。餘額以賬簿日終餘額為準。產生時間 {at}",
			"Signed electronically by {bank}: any change breaks the signature. Scan the code to check it. Balances are those of the books at the end of the day. Made at {at}"},
		"insight.paper.year_note": {
			"本报告由{bank}电子签名，任何改动都会使签名失效。分类依据自动规则及您的更正，不作为纳税凭证。生成时间 {at}",
			"本報告由{bank}電子簽章，任何改動都會使簽章失效。分類依據自動規則及您的更正，不作為納稅憑證。產生時間 {at}",
			"Signed electronically by {bank}: any change breaks the signature. Categories follow rules and your own corrections. Made at {at}"},
	}
}
