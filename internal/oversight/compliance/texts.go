package compliance

import (
	"maps"

	"github.com/tongbao/tongbao/internal/platform/i18n"
)

// Texts are the words of this room.
func Texts() i18n.Messages {
	all := i18n.Messages{ErrMonth.Code(): {"月份不对：请选择已开始的月份。", "月份不對：請選擇已開始的月份。", "This is no month that has begun."}}
	for _, part := range []i18n.Messages{reportTexts(), columnTexts(), codeTexts()} {
		maps.Copy(all, part)
	}
	return all
}

func reportTexts() i18n.Messages {
	return i18n.Messages{
		"compliance.report.title":      {"月度审计报告", "月度稽核報告", "Monthly audit report"},
		"compliance.report.seal":       {"审计专用章", "稽核專用章", "审计专用章"},
		"compliance.report.period":     {"期间", "期間", "Period"},
		"compliance.report.span":       {"{from} 至 {to}", "{from} 至 {to}", "{from} to {to}"},
		"compliance.report.so_far":     {"（未满月，截至 {at}）", "（未滿月，截至 {at}）", " (not over; as of {at})"},
		"compliance.report.done":       {"已完成记录", "已完成記錄", "Acts done"},
		"compliance.report.refused":    {"被拒记录", "被拒記錄", "Acts refused"},
		"compliance.report.people":     {"有记录的员工", "有記錄的員工", "Staff who acted"},
		"compliance.report.by":         {"出具人", "出具人", "Made for"},
		"compliance.report.record":     {"审计记录号", "稽核記錄號", "Audit record"},
		"compliance.report.log":        {"封存日志", "封存日誌", "Sealed log"},
		"compliance.report.sealed":     {"最新检查点已封存 {size} 条，另有 {waiting} 条等待封存。签名的检查点：", "最新檢查點已封存 {size} 條，另有 {waiting} 條等待封存。簽名的檢查點：", "The last checkpoint seals {size} records; {waiting} wait for their place. The checkpoint, as signed:"},
		"compliance.report.unsealed":   {"尚无检查点；{waiting} 条等待封存。", "尚無檢查點；{waiting} 條等待封存。", "There is no checkpoint yet; {waiting} records wait for their place."},
		"compliance.report.books":      {"账簿核验（最近 10 次）", "賬簿核驗（最近 10 次）", "Examinations of the books (the last 10)"},
		"compliance.report.whole":      {"全部账簿", "全部賬簿", "All books"},
		"compliance.report.since":      {"{day} 之后", "{day} 之後", "After {day}"},
		"compliance.report.staff":      {"员工操作与查看原文", "員工操作與查看原文", "Acts and reveals of staff"},
		"compliance.report.more_staff": {"另有 {count} 名员工未列出。", "另有 {count} 名員工未列出。", "{count} more members of staff are not listed."},
		"compliance.report.taken":      {"导出的文件", "匯出的文件", "Files taken"},
		"compliance.report.more_taken": {"仅列出最多的 {count} 项。", "僅列出最多的 {count} 項。", "Only the {count} most frequent are listed."},
		"compliance.report.approvals":  {"复核结果", "覆核結果", "Requests under four eyes that ended"},
		"compliance.report.alerts":     {"内部预警", "內部預警", "Alerts about staff"},
		"compliance.report.refusals":   {"拒绝原因", "拒絕原因", "Refusals by code"},
		"compliance.report.acts":       {"操作分类统计", "操作分類統計", "Acts by kind and way"},
		"compliance.report.nothing":    {"无", "無", "None"},
		"compliance.report.note": {
			"本报告由{bank}根据封存的审计日志生成并电子签名，任何改动都会使签名失效；生成本身记为审计记录 {record}。封存日志与账簿核验为生成时的状态。生成时间 {at}",
			"本報告由{bank}根據封存的稽核日誌產生並電子簽章，任何改動都會使簽章失效；產生本身記為稽核記錄 {record}。封存日誌與賬簿核驗為產生時的狀態。產生時間 {at}",
			"Made by {bank} from its sealed audit log and signed electronically: any change breaks the signature. That it was made is audit record {record}. Sealed log and examinations are as of the time of making. Made at {at}"},
	}
}

func columnTexts() i18n.Messages {
	return i18n.Messages{
		"compliance.column.at":              {"时间", "時間", "Time"},
		"compliance.column.scope":           {"范围", "範圍", "Scope"},
		"compliance.column.journals":        {"凭证", "憑證", "Journals"},
		"compliance.column.entries":         {"分录", "分錄", "Entries"},
		"compliance.column.accounts":        {"账户", "賬戶", "Accounts"},
		"compliance.column.found":           {"结论", "結論", "Found"},
		"compliance.column.staff_id":        {"员工号", "員工號", "Staff"},
		"compliance.column.name":            {"姓名", "姓名", "Name"},
		"compliance.column.acts":            {"记录", "記錄", "Records"},
		"compliance.column.refused":         {"被拒", "被拒", "Refused"},
		"compliance.column.reveals":         {"查看原文", "查看原文", "Reveals"},
		"compliance.column.reveals_refused": {"查看被拒", "查看被拒", "Refused reveals"},
		"compliance.column.what":            {"内容", "內容", "What"},
		"compliance.column.count":           {"次数", "次數", "Count"},
		"compliance.column.kind":            {"类型", "類型", "Kind"},
		"compliance.column.executed":        {"已执行", "已執行", "Executed"},
		"compliance.column.lapsed":          {"撤回/过期", "撤回/過期", "Lapsed"},
		"compliance.column.failed":          {"未能执行", "未能執行", "Failed"},
		"compliance.column.finding":         {"处理结果", "處理結果", "Finding"},
		"compliance.column.code":            {"代码", "代碼", "Code"},
		"compliance.column.act":             {"事项", "事項", "Act"},
		"compliance.column.who":             {"行为人", "行為人", "By"},
		"compliance.column.channel":         {"渠道", "渠道", "Way"},
		"compliance.column.done":            {"完成", "完成", "Done"},
	}
}

func codeTexts() i18n.Messages {
	return i18n.Messages{
		"compliance.kind.customer":   {"客户", "客戶", "Customer"},
		"compliance.kind.staff":      {"员工", "員工", "Staff"},
		"compliance.kind.system":     {"系统", "系統", "System"},
		"compliance.kind.visitor":    {"访客", "訪客", "Visitor"},
		"compliance.channel.mobile":  {"手机银行", "手機銀行", "Mobile"},
		"compliance.channel.console": {"控制台", "控制台", "Console"},
		"compliance.channel.branch":  {"网点", "網點", "Branch"},
		"compliance.channel.partner": {"合作方", "合作方", "Partner"},
		"compliance.channel.batch":   {"批处理", "批次處理", "Batch"},
		"compliance.alert.many":      {"一日查看过多", "一日查看過多", "More looks in a day than work needs"},
		"compliance.alert.own":       {"查看本人", "查看本人", "A look at one's own data"},
		"compliance.alert.relative":  {"查看亲属", "查看親屬", "A look at a relative's data"},
		"compliance.alert.colleague": {"查看同事", "查看同事", "A look at a colleague's data"},
		"compliance.alert.hours":     {"非营业时间查看", "非營業時間查看", "A look outside hours"},
		"compliance.alert.refused":   {"越权查看", "越權查看", "A look that was refused"},
		"compliance.finding.open":    {"待处理", "待處理", "Open"},
		"compliance.finding.work":    {"属正常工作", "屬正常工作", "Work"},
		"compliance.finding.minor":   {"轻微违规，已提醒", "輕微違規，已提醒", "Minor; the person was told"},
		"compliance.finding.breach":  {"违规", "違規", "Breach"},
		"compliance.books.running":   {"进行中", "進行中", "Running"},
		"compliance.books.holds":     {"相符", "相符", "The books hold"},
		"compliance.books.broken":    {"不相符", "不相符", "The books do not hold"},
		"compliance.books.failed":    {"未完成", "未完成", "Not read to the end"},
	}
}
