package cash

import "github.com/tongbao/tongbao/internal/platform/i18n"

// Texts are this room's words for people.
func Texts() i18n.Messages {
	return i18n.Messages{
		ErrStaff.Code():          {"只有网点柜员可以办理。", "只有網點櫃員可以辦理。", "Only tellers at a branch may do this."},
		ErrNoTill.Code():         {"没有找到这个尾箱或库房。", "沒有找到這個尾箱或庫房。", "There is no such till, or you have none open."},
		ErrState.Code():          {"尾箱的状态已经改变，请刷新。", "尾箱的狀態已經改變，請重新整理。", "The till is open, closed, or another's. Please reload."},
		ErrTaken.Code():          {"您已领用另一个尾箱，或该网点已有库房。", "您已領用另一個尾箱，或該網點已有庫房。", "You have another till open, or the branch has its vault already."},
		ErrPieces.Code():         {"券别或张数不正确。", "券別或張數不正確。", "Unknown denomination, or a wrong number of pieces."},
		ErrStock.Code():          {"尾箱里没有这么多该券别（{denomination}）。", "尾箱裡沒有這麼多該券別（{denomination}）。", "The till does not hold that many of {denomination}."},
		ErrAccount.Code():        {"没有找到可以办理现金业务的账户。", "沒有找到可以辦理現金業務的賬戶。", "There is no such open account for cash."},
		ErrIdentify.Code():       {"当日现金达到大额标准，请先核对身份证件。", "當日現金達到大額標準，請先核對身分證件。", "The customer's cash of the day is large. See his identity document first."},
		ErrApproval.Code():       {"取现达到 {amount} 元须经授权。", "取現達到 {amount} 元須經授權。", "From {amount} on, paying out needs approval."},
		ErrBranch.Code():         {"不能在不同网点的尾箱之间直接调拨。", "不能在不同網點的尾箱之間直接調撥。", "Cash cannot be handed over between branches."},
		"cash.kind.paid_in":      {"现金存入", "現金存入", "Cash paid in"},
		"cash.kind.paid_out":     {"现金支取", "現金支取", "Cash paid out"},
		"cash.kind.hand_over":    {"现金调拨", "現金調撥", "Hand-over"},
		"cash.kind.delivered":    {"现金领入", "現金領入", "Delivered by the central bank"},
		"cash.kind.returned":     {"现金上缴", "現金上繳", "Returned to the central bank"},
		"cash.kind.over":         {"出纳长款", "出納長款", "Over"},
		"cash.kind.short":        {"出纳短款", "出納短款", "Short"},
		"cash.slip.number":       {"流水号", "流水號", "Number"},
		"cash.slip.holder":       {"户名", "戶名", "Holder"},
		"cash.slip.account":      {"账号", "賬號", "Account"},
		"cash.slip.amount":       {"金额", "金額", "Amount"},
		"cash.slip.capitals":     {"大写", "大寫", "In words"},
		"cash.slip.day":          {"记账日期", "記賬日期", "Business date"},
		"cash.slip.at":           {"办理时间", "辦理時間", "Time"},
		"cash.slip.branch":       {"网点", "網點", "Branch"},
		"cash.slip.teller":       {"柜员", "櫃員", "Teller"},
		"cash.slip.denomination": {"券别", "券別", "Denomination"},
		"cash.slip.count":        {"张（枚）数", "張（枚）數", "Pieces"},
		"cash.slip.sum":          {"小计", "小計", "Sum"},
		"cash.slip.seal":         {"现金讫", "現金訖", "CASH SETTLED"},
		"cash.slip.note":         {"请当面点清现金。本回单由 {bank} 于 {at} 打印。", "請當面點清現金。本回單由 {bank} 於 {at} 列印。", "Please count the cash before you leave the counter. Printed by {bank} at {at}."},
		"cash.kind.swapped":      {"券别调整", "券別調整", "Other pieces, same amount"},
	}
}
