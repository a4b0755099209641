package notify

import "github.com/tongbao/tongbao/internal/platform/i18n"

// Texts are the texts of this room's faults. Those of templates come with the domains that register them.
func Texts() i18n.Messages {
	return i18n.Messages{
		"notify.bad_template": {"消息模板不完整。", "訊息範本不完整。", "A message template is incomplete."},
		"notify.no_channel":   {"目前无法向该联系方式发送消息，请换一种方式。", "目前無法向該聯絡方式傳送訊息，請改用其他方式。", "We cannot send messages to that address now. Please use another one."},
		"notify.unknown":      {"没有这条消息。", "沒有這則訊息。", "There is no such message."},
		"notify.bad_choice":   {"没有这一项通知设置。", "沒有這一項通知設定。", "There is no such notification setting."},
		"notify.fixed":        {"为了您的资金安全，这类通知不能关闭。", "為了您的資金安全，這類通知不能關閉。", "For the safety of your money, these messages cannot be switched off."},
		"notify.not_demo":     {"没有这个页面。", "沒有這個頁面。", "There is no such page."},
	}
}
