package catalog

import "github.com/tongbao/tongbao/internal/platform/i18n"

// Texts are this room's words for people.
func Texts() i18n.Messages {
	return i18n.Messages{
		ErrNoProduct.Code(): {"没有这个产品，或它已停售。", "沒有這個產品，或它已停售。", "There is no such product, or it is no longer sold."},
		ErrRates.Code():     {"挂牌利率不完整：请至少填写一档，档次不重复，且从明天或以后生效。", "掛牌利率不完整：請至少填寫一檔，檔次不重複，且從明天或以後生效。", "The rates are incomplete: at least one tier, none twice, from tomorrow or later."},
		ErrNoRate.Code():    {"这个金额没有挂牌利率。", "這個金額沒有掛牌利率。", "No rate is posted for this amount."},
	}
}
