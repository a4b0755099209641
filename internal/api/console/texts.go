package console

import "github.com/tongbao/tongbao/internal/platform/i18n"

// Texts are what the console's own refusals say.
func Texts() i18n.Messages {
	return i18n.Messages{
		errCredential.Code():        {"通行密钥的回答有误", "通行金鑰的回答有誤", "This is no answer of a passkey"},
		"approval.field.role":       {"岗位", "崗位", "Role"},
		"approval.field.branch":     {"网点", "網點", "Branch"},
		"approval.field.first":      {"开始日期", "開始日期", "First day"},
		"approval.field.last":       {"结束日期", "結束日期", "Last day"},
		"approval.field.assignment": {"任职", "任職", "Assignment"},
		errSearch.Code():            {"请只按一项查询", "請只按一項查詢", "Search by exactly one thing"},
	}
}
