package api

import "github.com/tongbao/tongbao/internal/platform/i18n"

// Texts are the words of the edge, and of those rooms below it that have none of their own. The faults of all other
// rooms have theirs beside the rule.
func Texts() i18n.Messages {
	return i18n.Messages{
		"internal": {
			"银行这边出了问题，我们已经知道了，请稍后再试。", "銀行這邊出了問題，我們已經知道了，請稍後再試。",
			"Something went wrong at the bank. We know about it; please try again later."},

		ErrMalformed.Code(): {
			"请求的格式不对，请更新应用后再试。", "請求的格式不對，請更新應用程式後再試。",
			"The request is malformed. Please update the app and try again."},
		ErrUnknownField.Code(): {"请求里有银行不认识的内容。", "請求裡有銀行不認識的內容。", "The request has something in it that the bank does not know."},
		ErrDuplicate.Code():    {"请求里有重复的内容。", "請求裡有重複的內容。", "The request says the same thing twice."},
		ErrNull.Code():         {"这一项要么填写，要么不要发送。", "這一項要麼填寫，要麼不要傳送。", "Give a value here, or leave the field out."},
		ErrText.Code():         {"文字里有看不见或不能用的字符。", "文字裡有看不見或不能用的字元。", "The text has characters that cannot be seen or used."},
		ErrBadValue.Code():     {"填写的内容不对，请检查。", "填寫的內容不對，請檢查。", "This does not look right. Please check it."},
		ErrRequired.Code():     {"这一项必须填写。", "這一項必須填寫。", "This is needed."},
		ErrTooLarge.Code():     {"内容太大了，请换小一点的。", "內容太大了，請換小一點的。", "This is too large. Please send something smaller."},
		ErrMediaType.Code():    {"这种格式银行读不了。", "這種格式銀行讀不了。", "The bank cannot read this format."},
		ErrNoRoute.Code():      {"没有这个地址。", "沒有這個網址。", "There is nothing at this address."},
		ErrMethod.Code():       {"这里不能这样做。", "這裡不能這樣做。", "That cannot be done here."},
		ErrTimeout.Code():      {"网络太慢，银行没有收完请求，请再试一次。", "網路太慢，銀行沒有收完請求，請再試一次。", "The network is slow and the request did not arrive whole. Please try again."},
		ErrTooMany.Code():      {"操作太频繁，请稍等片刻再试。", "操作太頻繁，請稍等片刻再試。", "That was too often. Please wait a moment and try again."},
		ErrCrossSite.Code(): {
			"请求不是从银行的应用发出的，已拒绝。", "請求不是從銀行的應用程式發出的，已拒絕。",
			"The request did not come from the bank's own app, so it was refused."},
		ErrTooOld.Code():        {"这个版本太旧了，请更新应用。", "這個版本太舊了，請更新應用程式。", "This version of the app is too old. Please update it."},
		ErrNoSession.Code():     {"请登录。", "請登入。", "Please sign in."},
		ErrProofRequired.Code(): {"为了您的安全，请再次验证身份。", "為了您的安全，請再次驗證身分。", "To keep you safe, please prove once more that it is you."},

		"id.bad":       {"编号不对。", "編號不對。", "This is not a valid number."},
		"batch.full":   {"现在人多，请稍后再试。", "現在人多，請稍後再試。", "The bank is busy. Please try again shortly."},
		"batch.closed": {"系统正在重启，请稍后再试。", "系統正在重新啟動，請稍後再試。", "The bank is restarting. Please try again shortly."},
		"db.busy":      {"现在人多，请稍后再试。", "現在人多，請稍後再試。", "The bank is busy. Please try again shortly."},
		"db.not_found": {"没有找到。", "沒有找到。", "It cannot be found."},
		"db.outcome_unknown": {
			"还不知道有没有办成，请先查看结果，不要重复操作。", "還不知道有沒有辦成，請先查看結果，不要重複操作。",
			"It is not known yet whether this was done. Please look at the result before doing it again."},
		"once.bad_key": {"请求的编号不对，请重新打开页面再试。", "請求的編號不對，請重新打開頁面再試。", "The request has a wrong number. Please open the page again."},
		"once.key_reused": {
			"这个请求的编号已经用于另一笔操作，请重新打开页面再试。", "這個請求的編號已經用於另一筆操作，請重新打開頁面再試。",
			"The number of this request was used for something else. Please open the page again."},
		"once.running": {"同一笔操作正在处理，请稍候查看结果。", "同一筆操作正在處理，請稍候查看結果。", "The same act is under way. Please look at its result in a moment."},

		"sms.refused": {"短信没有发出，请检查号码。", "簡訊沒有發出，請檢查號碼。", "The text message could not be sent. Please check the number."},
	}
}
