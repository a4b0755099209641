package audit

import "github.com/tongbao/tongbao/internal/platform/i18n"

// Texts are the texts of this room's faults.
func Texts() i18n.Messages {
	return i18n.Messages{
		"audit.unknown":    {"没有这条审计记录。", "沒有這條稽核記錄。", "There is no such audit record."},
		"audit.not_sealed": {"这条记录正在封存，请稍后再试。", "這條記錄正在封存，請稍後再試。", "This record is being sealed. Try again in a moment."},
		"audit.bad_proof":  {"该证明无效。", "該證明無效。", "This proof is not valid."},
		"audit.bad_record": {"审计记录不完整。", "稽核記錄不完整。", "The audit record is incomplete."},
	}
}
