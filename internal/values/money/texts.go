package money

import "github.com/tongbao/tongbao/internal/platform/i18n"

// Texts are the words for this package's faults.
func Texts() i18n.Messages {
	return i18n.Messages{
		ErrAmount.Code():          {"请输入正确的金额，例如 12.50", "請輸入正確的金額，例如 12.50", "Enter an amount in figures, such as 12.50"},
		ErrPrecision.Code():       {"金额的小数位数过多", "金額的小數位數過多", "The amount has too many decimal places"},
		ErrOverflow.Code():        {"金额过大", "金額過大", "The amount is too large"},
		ErrCurrency.Code():        {"币种不一致", "幣別不一致", "The currencies do not match"},
		ErrUnknownCurrency.Code(): {"不支持该币种", "不支援該幣別", "This currency is not known"},
		ErrWeights.Code():         {"无法按此比例分配金额", "無法按此比例分配金額", "The amount cannot be split this way"},
		ErrRounding.Code():        {"暂时无法办理，请稍后再试", "暫時無法辦理，請稍後再試", "Something went wrong on our side. Please try again later"},
	}
}
