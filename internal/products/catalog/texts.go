package catalog

import "github.com/tongbao/tongbao/internal/platform/i18n"

// Texts are this room's words for people.
func Texts() i18n.Messages {
	return i18n.Messages{
		ErrNoProduct.Code():          {"没有这个产品，或它已停售。", "沒有這個產品，或它已停售。", "There is no such product, or it is no longer sold."},
		ErrRates.Code():              {"挂牌利率不完整：请至少填写一档，档次不重复，且从明天或以后生效。", "掛牌利率不完整：請至少填寫一檔，檔次不重複，且從明天或以後生效。", "The rates are incomplete: at least one tier, none twice, from tomorrow or later."},
		ErrVersionDay.Code():         {"新版本最早可从 {day} 生效。", "新版本最早可從 {day} 生效。", "A new version can begin on {day} at the earliest."},
		ErrTerms.Code():              {"这种产品不能有这样的条款。", "這種產品不能有這樣的條款。", "A product of this kind cannot have such terms."},
		ErrSameTerms.Code():          {"与现行条款和利率相同。", "與現行條款和利率相同。", "Terms and rates are what stands already."},
		"catalog.effect.affected":    {"利率随之变动的账户", "利率隨之變動的賬戶", "Accounts whose rate changes"},
		"catalog.effect.renewed":     {"一年内到期、续存时适用新版本", "一年內到期、續存時適用新版本", "Terms that end within a year, and take it when renewed"},
		"catalog.effect.year_before": {"一年利息（变更前）", "一年利息（變更前）", "Interest of a year before"},
		"catalog.effect.year_after":  {"一年利息（变更后）", "一年利息（變更後）", "Interest of a year after"},
		ErrNoRate.Code():             {"这个金额没有挂牌利率。", "這個金額沒有掛牌利率。", "No rate is posted for this amount."},
	}
}
