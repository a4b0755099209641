package bus

import "github.com/tongbao/tongbao/internal/platform/i18n"

// Texts are the texts of this room's faults, which staff meet in the console.
func Texts() i18n.Messages {
	return i18n.Messages{
		ErrNoDeadLetter.Code(): {"这条未送达的事件已不存在，可能已由他人处理。", "這條未送達的事件已不存在，可能已由他人處理。", "This undelivered event is gone. Somebody else may have dealt with it."},
		ErrRetryFailed.Code():  {"重试失败，事件仍未送达。", "重試失敗，事件仍未送達。", "The retry failed; the event is still undelivered."},
	}
}
