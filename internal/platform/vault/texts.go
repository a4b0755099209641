package vault

import "github.com/tongbao/tongbao/internal/platform/i18n"

// Texts are the texts of this room's faults.
func Texts() i18n.Messages {
	return i18n.Messages{
		ErrDestroyed.Code(): {"个人信息已按规定删除，无法恢复。", "個人資料已按規定刪除，無法恢復。", "The personal data have been erased and cannot be restored."},
	}
}
