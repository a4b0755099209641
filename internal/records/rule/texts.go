package rule

import "github.com/tongbao/tongbao/internal/platform/i18n"

// Texts are the texts of this room's faults. All but the last are Internal: staff read them, customers a neutral sentence.
func Texts() i18n.Messages {
	return i18n.Messages{
		"rule.unknown_key":  {"系统缺少一项规则参数。", "系統缺少一項規則參數。", "A figure that the bank's rules need is missing."},
		"rule.not_in_force": {"这项规则参数在该日期尚无有效值。", "這項規則參數在該日期尚無有效值。", "A figure of the bank's rules has no value for that date."},
		"rule.wrong_unit":   {"规则参数的单位与用途不符。", "規則參數的單位與用途不符。", "A figure of the bank's rules is not in the unit that was asked for."},
		"rule.bad_row":      {"规则参数不完整或与已有参数冲突。", "規則參數不完整或與已有參數衝突。", "This figure is incomplete, or conflicts with one that stands."},
	}
}
