package interest

import "github.com/tongbao/tongbao/internal/platform/i18n"

// Texts are the texts of this package's faults.
func Texts() i18n.Messages {
	return i18n.Messages{
		ErrRate.Code():     {"利率无效。", "利率無效。", "This rate is not valid."},
		ErrDayCount.Code(): {"计息天数规则无效。", "計息天數規則無效。", "This day count is not known."},
		ErrPeriod.Code():   {"计息期间无效。", "計息期間無效。", "This interest period is not valid."},
	}
}
