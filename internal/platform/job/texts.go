package job

import "github.com/tongbao/tongbao/internal/platform/i18n"

// Texts are the texts of this room's faults, which staff meet in the console.
func Texts() i18n.Messages {
	return i18n.Messages{
		ErrNotDead.Code(): {"该任务无需重试，可能已由他人处理。", "該任務無需重試，可能已由他人處理。", "This job needs no retry. Somebody else may have dealt with it."},
		ErrFenced.Code():  {"任务已由其他节点接管。", "任務已由其他節點接管。", "The job was taken over by another node."},
		errPanic.Code():   {"任务因程序错误中断。", "任務因程式錯誤中斷。", "The job was stopped by a programming error."},
		errLost.Code():    {"执行任务的节点失去联系。", "執行任務的節點失去聯繫。", "The node that ran the job went away."},
		errTimeout.Code(): {"任务超时。", "任務逾時。", "The job took too long."},
	}
}
