package exchange

import "github.com/tongbao/tongbao/internal/platform/i18n"

// Texts are this room's words for people.
func Texts() i18n.Messages {
	return i18n.Messages{
		ErrNoRate.Code():              {"暂时没有这种货币的汇率。", "暫時沒有這種貨幣的匯率。", "There is no rate for this currency now."},
		ErrStale.Code():               {"汇率没有及时更新，暂停兑换，请稍后再试。", "匯率沒有及時更新，暫停兌換，請稍後再試。", "The rate has not been updated in time, so nothing is exchanged now. Please try again later."},
		ErrPair.Code():                {"请在本人的人民币Ⅰ类账户与外币账户之间兑换。", "請在本人的人民幣Ⅰ類賬戶與外幣賬戶之間兌換。", "Please exchange between your class I account in yuan and an account in a currency that is offered."},
		ErrLeast.Code():               {"低于最低兑换金额（{currency} {least}）。", "低於最低兌換金額（{currency} {least}）。", "This is less than the least amount ({currency} {least})."},
		ErrDraft.Code():               {"请填写账户和金额。", "請填寫賬戶和金額。", "Please fill in accounts and an amount."},
		ErrPurpose.Code():             {"请选择购汇用途。", "請選擇購匯用途。", "Please say what the currency is for."},
		ErrQuote.Code():               {"报价无效，请重新询价。", "報價無效，請重新詢價。", "This quote is not valid. Please ask for a new one."},
		ErrQuoteOld.Code():            {"报价已过期，请重新询价。", "報價已過期，請重新詢價。", "This quote has expired. Please ask for a new one."},
		ErrQuoteUsed.Code():           {"这个报价已经成交过。", "這個報價已經成交過。", "This quote has been used already."},
		ErrDay.Code():                 {"超过每日兑换限额（等值 USD {limit}）。", "超過每日兌換限額（等值 USD {limit}）。", "This is more than may be exchanged in a day (USD {limit} or its worth)."},
		ErrQuota.Code():               {"超过今年的便利化额度（等值 USD {limit}），请携带证明材料到网点办理。", "超過今年的便利化額度（等值 USD {limit}），請攜帶證明材料到網點辦理。", "This is more than may be exchanged in a year without papers (USD {limit} or its worth). Please bring them to a branch."},
		ErrNotFound.Code():            {"没有找到这笔兑换。", "沒有找到這筆兌換。", "There is no such exchange."},
		ErrRate.Code():                {"汇率格式不正确。", "匯率格式不正確。", "This is not a rate."},
		ErrJump.Code():                {"汇率变动过大，未予采用。", "匯率變動過大，未予採用。", "The rate moved too far at once and was not taken."},
		"day.step.exchange.revalue":   {"外汇敞口重估", "外匯敞口重估", "Revalue currency positions"},
		"day.check.exchange.position": {"外汇敞口总分核对", "外匯敞口總分核對", "Currency positions = general ledger"},

		ErrSource.Code(): {"汇率来源没有响应。", "匯率來源沒有回應。", "The source of rates does not answer."},
	}
}
