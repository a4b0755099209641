package access

import (
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/records/notify"
)

// Templates are the mails of this room, to staff.
func Templates() []notify.Template {
	mail := []notify.Channel{notify.Mail}
	return []notify.Template{
		{Name: TemplateInvitation, Category: notify.CategorySecurity, Channels: mail},
		{Name: TemplateAlert, Category: notify.CategorySecurity, Channels: mail},
	}
}

// Texts are the texts of this room: what its refusals say, its mails, and the names of its codes.
func Texts() i18n.Messages {
	return i18n.Messages{
		ErrDenied.Code():      {"您的岗位没有这项权限", "您的崗位沒有這項權限", "Your roles do not allow this"},
		ErrUnknown.Code():     {"找不到该员工", "找不到該員工", "There is no such member of staff"},
		ErrName.Code():        {"请填写姓名，最多 60 个字", "請填寫姓名，最多 60 個字", "Enter a name of at most 60 characters"},
		ErrState.Code():       {"当前状态不允许此操作", "目前狀態不允許此操作", "This is not possible in the present state"},
		ErrSelf.Code():        {"不能更改自己的账号，请由其他人办理", "不能更改自己的帳號，請由其他人辦理", "You cannot change your own account. Ask somebody else"},
		ErrRole.Code():        {"没有这个岗位", "沒有這個崗位", "There is no such role"},
		ErrSpan.Code():        {"结束日期不能早于开始日期或今天", "結束日期不能早於開始日期或今天", "The last day cannot be before the first, or before today"},
		ErrAssignment.Code():  {"该任职不存在或已结束", "該任職不存在或已結束", "This assignment does not exist or has ended"},
		ErrTie.Code():         {"关系只能是本人或亲属", "關係只能是本人或親屬", "The tie must be to oneself or to a relative"},
		ErrBranch.Code():      {"找不到该网点", "找不到該網點", "There is no such branch"},
		ErrBranchCode.Code():  {"网点号为 4 至 6 位数字", "網點號為 4 至 6 位數字", "The code of a branch has 4 to 6 digits"},
		ErrBranchName.Code():  {"请填写网点名称", "請填寫網點名稱", "Enter the name of the branch"},
		ErrBranchTaken.Code(): {"网点号已被使用", "網點號已被使用", "Another branch has this code"},
		ErrPurpose.Code():     {"没有这种办理目的", "沒有這種辦理目的", "There is no such purpose"},
		ErrReason.Code():      {"请说明原因", "請說明原因", "Say why"},
		ErrField.Code():       {"没有这个字段", "沒有這個欄位", "There is no such field"},
		ErrLooks.Code():       {"今天查看的次数已用完", "今天查看的次數已用完", "You have revealed as many fields today as you may"},
		ErrAlert.Code():       {"该预警不存在或已处理", "該預警不存在或已處理", "This alert does not exist or was closed"},
		ErrFinding.Code():     {"请选择处理结论", "請選擇處理結論", "Choose what was found"},

		"notify." + TemplateInvitation + ".title": {"通宝工作台邀请", "通寶工作臺邀請", "Invitation to the Tongbao console"},
		"notify." + TemplateInvitation + ".body": {
			"请打开以下链接，设置密码并绑定验证器。链接只能使用一次，请勿转发。{code}",
			"請開啟以下連結，設定密碼並綁定驗證器。連結只能使用一次，請勿轉寄。{code}",
			"Open this link to choose a password and add your authenticator. It serves once; do not pass it on. {code}"},
		"notify." + TemplateAlert + ".title": {"员工查看客户信息预警", "員工查看客戶資訊預警", "Alert: a look at a customer's data"},
		"notify." + TemplateAlert + ".body": {
			"有一条新的预警等待处理，编号 {code}。请在工作台查看。",
			"有一條新的預警等待處理，編號 {code}。請在工作臺查看。",
			"A new alert waits for you, number {code}. Please look at it in the console."},
	}
}
