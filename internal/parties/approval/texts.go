package approval

import (
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/values/act"
)

// Texts are the texts of this room: its faults, the states of requests, the names of its kinds and fields.
func Texts() i18n.Messages {
	return i18n.Messages{
		act.ErrNotApproved.Code():     {"该操作需要复核授权。", "該操作需要覆核授權。", "This act needs the approval of others."},
		ErrNotFound.Code():            {"找不到该复核申请。", "找不到該覆核申請。", "This request does not exist."},
		ErrKind.Code():                {"该操作没有对应的复核类型。", "該操作沒有對應的覆核類型。", "No act under approval has this name."},
		ErrParams.Code():              {"申请内容不完整或格式不对。", "申請內容不完整或格式不對。", "The change is incomplete or not written as it should be."},
		ErrStaff.Code():               {"只有在岗员工可以申请或复核。", "只有在職員工可以申請或覆核。", "Only active staff may ask or decide."},
		ErrReason.Code():              {"请填写理由。", "請填寫理由。", "Please say why."},
		ErrOwn.Code():                 {"不能复核自己提出的申请。", "不能覆核自己提出的申請。", "You cannot decide your own request."},
		ErrTwice.Code():               {"您已参与过该申请的复核。", "您已參與過該申請的覆核。", "You have taken part in deciding this request already."},
		ErrRole.Code():                {"该步骤须由其他岗位复核。", "該步驟須由其他崗位覆核。", "This step must be decided by somebody in another role."},
		ErrEnded.Code():               {"该申请已经结束（{state}）。", "該申請已經結束（{state}）。", "This request has ended ({state})."},
		ErrOvertaken.Code():           {"申请之后情况已有变化，请重新提出申请。", "申請之後情況已有變化，請重新提出申請。", "Things have changed since this was asked for. Please ask again."},
		ErrSeen.Code():                {"页面内容已更新，请刷新后再复核。", "頁面內容已更新，請重新整理後再覆核。", "What you saw has changed. Load the request again and decide then."},
		ErrNotYours.Code():            {"只有申请人可以撤回。", "只有申請人可以撤回。", "Only who asked can withdraw."},
		ErrMany.Code():                {"一次最多复核 100 笔。", "一次最多覆核 100 筆。", "At most 100 requests can be decided at once."},
		ErrPolicy.Code():              {"复核规则不完整：须覆盖所有金额和岗位，且步骤数不少于最低要求。", "覆核規則不完整：須覆蓋所有金額和崗位，且步驟數不少於最低要求。", "The policy is incomplete: it must cover all amounts and roles, with no fewer steps than required."},
		ErrDelegation.Code():          {"代办日期不对：不能早于今天，最长 {days} 天。", "代辦日期不對：不能早於今天，最長 {days} 天。", "The days are not valid: from today on, at most {days} days."},
		ErrDeputy.Code():              {"代办人须为其他在岗员工。", "代辦人須為其他在職員工。", "The deputy must be another active member of staff."},
		ErrLoop.Code():                {"代办关系形成循环。", "代辦關係形成循環。", "The deputies would stand in for each other in a circle."},
		ErrNoDelegation.Code():        {"找不到可以结束的代办。", "找不到可以結束的代辦。", "There is no such delegation to end."},
		"approval.state.waiting":      {"待复核", "待覆核", "Waiting"},
		"approval.state.executed":     {"已执行", "已執行", "Done"},
		"approval.state.refused":      {"已拒绝", "已拒絕", "Refused"},
		"approval.state.withdrawn":    {"已撤回", "已撤回", "Withdrawn"},
		"approval.state.expired":      {"已过期", "已過期", "Expired"},
		"approval.state.overtaken":    {"情况已变", "情況已變", "Overtaken"},
		"approval.state.failed":       {"未能执行", "未能執行", "Failed"},
		"approval.field.policy":       {"复核规则", "覆核規則", "Approval policy"},
		"approval.kind." + KindPolicy: {"修改复核规则", "修改覆核規則", "Change an approval policy"},
	}
}
