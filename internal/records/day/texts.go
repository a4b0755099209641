package day

import "github.com/tongbao/tongbao/internal/platform/i18n"

// Texts are the texts of this room's faults.
func Texts() i18n.Messages {
	return i18n.Messages{
		"day.not_open":  {"银行尚未开启营业日。", "銀行尚未開啟營業日。", "The bank has no open business day."},
		"day.backwards": {"营业日不能后退,当前营业日为 {open}。", "營業日不能後退,當前營業日為 {open}。", "The business date cannot go back; {open} is open."},
		"day.bad_date":  {"日期无效。", "日期無效。", "This date is not valid."},
	}
}
