package console

import "github.com/tongbao/tongbao/internal/platform/i18n"

// Texts are what the console's own refusals say.
func Texts() i18n.Messages {
	return i18n.Messages{
		errCredential.Code(): {"通行密钥的回答有误", "通行金鑰的回答有誤", "This is no answer of a passkey"},
		errSearch.Code():     {"请只按一项查询", "請只按一項查詢", "Search by exactly one thing"},
	}
}
