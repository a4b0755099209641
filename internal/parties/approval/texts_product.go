package approval

import (
	"maps"

	"github.com/tongbao/tongbao/internal/platform/i18n"
)

// Texts are the texts of this room: its faults, the states of requests, the names of its kinds and fields.
func Texts() i18n.Messages {
	all := ownTexts()
	maps.Copy(all, productTexts())
	return all
}

// productTexts names what a new version of a product changes.
func productTexts() i18n.Messages {
	return i18n.Messages{
		"approval.kind.catalog.propose": {"发布产品新版本", "發佈產品新版本", "New version of a product"},
		"approval.field.version":        {"版本", "版本", "Version"},
		"approval.field.least":          {"起存金额", "起存金額", "Least amount"},
		"approval.field.least_left":     {"最低留存", "最低留存", "Least to be left"},
		"approval.field.least_out":      {"最低支取", "最低支取", "Least withdrawal"},
		"approval.field.early_partial":  {"可提前部分支取次数", "可提前部分支取次數", "Parts that may be taken early"},
		"approval.field.rollovers":      {"到期约定", "到期約定", "Choices for the last day"},
	}
}
