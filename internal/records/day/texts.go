package day

import "github.com/tongbao/tongbao/internal/platform/i18n"

// Texts are the texts of this room's faults.
func Texts() i18n.Messages {
	return i18n.Messages{
		"day.not_open":         {"银行尚未开启营业日。", "銀行尚未開啟營業日。", "The bank has no open business day."},
		"day.backwards":        {"营业日不能后退,当前营业日为 {open}。", "營業日不能後退,當前營業日為 {open}。", "The business date cannot go back; {open} is open."},
		"day.not_cut_off":      {"营业日 {date} 尚未日切。", "營業日 {date} 尚未日切。", "The business day {date} is not cut off."},
		"day.running":          {"日终正在进行。", "日終正在進行。", "End of day is under way."},
		"day.too_many_aside":   {"步骤 {step} 搁置过多,日终已停止。", "步驟 {step} 擱置過多,日終已停止。", "Too many items of step {step} were set aside; end of day has stopped."},
		"day.not_tied_out":     {"营业日 {date} 总分不平,未能轧账。", "營業日 {date} 總分不平,未能軋賬。", "The totals of {date} do not agree; the day is not tied out."},
		"day.aside_not_found":  {"找不到该搁置项。", "找不到該擱置項。", "There is no such item set aside."},
		"day.set_aside_before": {"该项在之前的步骤中已被搁置。", "該項在之前的步驟中已被擱置。", "The item was set aside in an earlier step."},
		"day.bad_cut_off":      {"日切时间无效。", "日切時間無效。", "This cut-off time is not valid."},
		"day.bad_date":         {"日期无效。", "日期無效。", "This date is not valid."},
	}
}
