package api

import "github.com/tongbao/tongbao/internal/platform/i18n"

// Texts are the words of the edge, and of the rooms of the platform that have none of their own.
func Texts() i18n.Messages {
	return i18n.Messages{
		ErrMalformed.Code(): {"请求的格式不对，请更新应用后再试", "請求的格式不對，請更新應用程式後再試", "The request is malformed. Please update the app and try again"},
	}
}
