package blob

import "github.com/tongbao/tongbao/internal/platform/i18n"

// Texts are the texts of this room's faults.
func Texts() i18n.Messages {
	return i18n.Messages{
		ErrTooLarge.Code():    {"文件过大，请换一个小一些的文件。", "檔案過大，請換一個小一些的檔案。", "This file is too large. Please choose a smaller one."},
		ErrEmpty.Code():       {"文件是空的，请重新选择。", "檔案是空的，請重新選擇。", "This file is empty. Please choose another."},
		ErrContentType.Code(): {"不支持这种文件格式，图片请用 JPEG 或 PNG。", "不支援這種檔案格式，圖片請用 JPEG 或 PNG。", "This kind of file is not accepted. Pictures must be JPEG or PNG."},
		ErrNotFound.Code():    {"文件不存在。", "檔案不存在。", "There is no such document."},
		ErrImage.Code():       {"图片已损坏，请重新拍摄或选择。", "圖片已損壞，請重新拍攝或選擇。", "This picture is damaged. Please take or choose another."},
		ErrPixels.Code():      {"图片尺寸过大，请用较低的分辨率重新拍摄。", "圖片尺寸過大，請用較低的解析度重新拍攝。", "This picture has too many pixels. Please take it at a lower resolution."},
	}
}
