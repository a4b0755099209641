package rule

import "github.com/tongbao/tongbao/internal/platform/i18n"

// Texts are the texts of this room's faults. Those of reading are Internal: staff
// read them, customers a neutral sentence.
func Texts() i18n.Messages {
	return i18n.Messages{
		"rule.unknown_key":  {"系统缺少一项规则参数。", "系統缺少一項規則參數。", "A figure that the bank's rules need is missing."},
		"rule.not_in_force": {"这项规则参数在该日期尚无有效值。", "這項規則參數在該日期尚無有效值。", "A figure of the bank's rules has no value for that date."},
		"rule.wrong_unit":   {"规则参数的单位与用途不符。", "規則參數的單位與用途不符。", "A figure of the bank's rules is not in the unit that was asked for."},
		"rule.bad_row":      {"规则参数不完整或与已有参数冲突。", "規則參數不完整或與已有參數衝突。", "This figure is incomplete, or conflicts with one that stands."},
		ErrNoKey.Code():     {"没有这项规则参数。", "沒有這項規則參數。", "There is no figure of this key."},
		ErrTooSoon.Code():   {"生效日期最早为 {day}。", "生效日期最早為 {day}。", "The first day can be {day} at the earliest."},
		ErrBounds.Code():    {"数值须在 {least} 与 {most} 之间（{source}）。", "數值須在 {least} 與 {most} 之間（{source}）。", "The value must lie between {least} and {most} ({source})."},
		ErrTaken.Code():     {"该参数在这一天已有一行，请改选其他日期。", "該參數在這一天已有一行，請改選其他日期。", "A row of this key begins on that day already. Choose another day."},
		ErrSame.Code():      {"与现行数值相同。", "與現行數值相同。", "The value is what stands already."},
	}
}
