package insight

import "github.com/tongbao/tongbao/internal/records/notify"

// Templates of the messages that insight sends.
const (
	noticeStatement = "insight.statement"
	noticeNear      = "insight.budget_near"
	noticeFull      = "insight.budget_full"
)

// Templates are the messages that insight sends, for package notify.
func Templates() []notify.Template {
	everywhere := []notify.Channel{notify.Inbox, notify.Mail, notify.SMS}
	return []notify.Template{
		{Name: noticeStatement, Category: notify.CategoryService, Channels: []notify.Channel{notify.Inbox, notify.Mail}},
		{Name: noticeNear, Category: notify.CategoryService, Channels: everywhere},
		{Name: noticeFull, Category: notify.CategoryService, Channels: everywhere},
	}
}

func noticeOf(l Level) string {
	if l == Full {
		return noticeFull
	}
	return noticeNear
}
