package payment

import (
	"maps"

	"github.com/tongbao/tongbao/internal/platform/i18n"
)

// Texts are this room's words for people.
func Texts() i18n.Messages {
	all := i18n.Messages{
		ErrNotFound.Code():      {"没有找到这笔转账。", "沒有找到這筆轉賬。", "There is no such transfer."},
		ErrPayee.Code():         {"没有找到收款人。请核对账号或手机号。", "沒有找到收款人。請核對賬號或手機號。", "The payee was not found. Please check the account or phone number."},
		ErrPayeeName.Code():     {"姓名与收款账户不符。", "姓名與收款賬戶不符。", "The name is not that of the account's holder."},
		ErrPayeeClosed.Code():   {"对方账户现在不能收款。", "對方賬戶現在不能收款。", "The payee's account cannot take payments."},
		ErrSelf.Code():          {"不能转给同一个账户。", "不能轉給同一個賬戶。", "Payer and payee are the same account."},
		ErrAmount.Code():        {"请输入大于零的金额。", "請輸入大於零的金額。", "Please enter an amount above zero."},
		ErrArrival.Code():       {"请选择到账时间。", "請選擇到賬時間。", "Please choose when the money arrives."},
		ErrMemo.Code():          {"附言最多 60 个字，且不能换行。", "附言最多 60 個字，且不能換行。", "A memo has one line of at most 60 characters."},
		ErrIntent.Code():        {"这笔转账无法识别，请重新填写。", "這筆轉賬無法識別，請重新填寫。", "This payment cannot be recognised. Please fill it in again."},
		ErrIntentExpired.Code(): {"核对已过期，请重新核对。", "核對已過期，請重新核對。", "The check has expired. Please check the payment again."},
		ErrIntentUsed.Code():    {"这笔转账已经提交过。请在交易记录里查看。", "這筆轉賬已經提交過。請在交易記錄裡查看。", "This payment was sent already. See it among your transactions."},
		ErrIntentSession.Code(): {"登录状态已改变，请重新核对。", "登入狀態已改變，請重新核對。", "You have signed in anew. Please check the payment again."},
		ErrProofNeeded.Code():   {"请用支付密码或通行密钥确认。", "請用支付密碼或通行密鑰確認。", "Please confirm with your payment PIN or a passkey."},
		ErrStrongNeeded.Code():  {"为了资金安全，这笔转账需要再验证一次身份。", "為了資金安全，這筆轉賬需要再驗證一次身份。", "To keep your money safe, this payment needs one more proof of who you are."},
		ErrScreened.Code():      {"这笔转账有风险，已被拒绝。如有疑问请联系我们。", "這筆轉賬有風險，已被拒絕。如有疑問請聯絡我們。", "This payment was refused for your safety. Please contact us if you have questions."},
		ErrState.Code():         {"这笔转账的状态不允许这样做。", "這筆轉賬的狀態不允許這樣做。", "The transfer is in a state that does not allow this."},
		ErrStaffOnly.Code():     {"只有银行员工可以这样做。", "只有銀行員工可以這樣做。", "Only the bank's staff may do this."},
		ErrReason.Code():        {"请填写理由。", "請填寫理由。", "Please say why."},
		ErrLookups.Code():       {"查询次数过多，请稍后再试。", "查詢次數過多，請稍後再試。", "Too many look-ups. Please try again later."},
		ErrPayeeExists.Code():   {"收款人已在名册里。", "收款人已在名冊裡。", "The payee is in your book already."},
		ErrPayeesFull.Code():    {"收款人名册已满（最多 {max} 个）。", "收款人名冊已滿（最多 {max} 個）。", "Your payee book is full ({max} at most)."},
		ErrAgain.Code():         {"银行繁忙，请稍候再试一次。", "銀行繁忙，請稍候再試一次。", "The bank is busy. Please try once more in a moment."},
		ErrBadNickname.Code():   {"备注名最多 20 个字。", "備註名最多 20 個字。", "A nickname has at most 20 characters."},

		ErrBulkSize.Code():  {"批量转账每次 1 至 {max} 笔。", "批量轉賬每次 1 至 {max} 筆。", "A bulk payment has 1 to {max} payments."},
		ErrBulkPayee.Code(): {"批量转账的收款人请用账号或收款人名册。", "批量轉賬的收款人請用賬號或收款人名冊。", "Name the payees of a bulk payment by account number or from your payee book."},

		WarnNewPayee: {"您没有给这个账户转过账。请确认对方是您认识的人。", "您沒有給這個賬戶轉過賬。請確認對方是您認識的人。", "You have not paid this account before. Make sure that you know the person."},
		WarnReduced:  {"您刚更换过安全要素，24 小时内限额降低。", "您剛更換過安全要素，24 小時內限額降低。", "You changed a security factor: limits are lower for 24 hours."},
		WarnLarge:    {"今日累计转账金额较大，请确认。", "今日累計轉賬金額較大，請確認。", "Today's transfers add up to a large amount. Please confirm."},
		WarnDelay:    {"为防范诈骗，这笔转账将延迟到账，期间可以撤销。", "為防範詐騙，這筆轉賬將延遲到賬，期間可以撤銷。", "To protect you against fraud this payment arrives later; until then you can cancel it."},
		WarnReview:   {"这笔转账会先由银行人工核实。", "這筆轉賬會先由銀行人工核實。", "A person at the bank will look at this payment first."},

		effectMore:  {"会多要求一次验证的转账", "會多要求一次驗證的轉賬", "Payments that would have wanted one more proof"},
		effectFewer: {"会少要求一次验证的转账", "會少要求一次驗證的轉賬", "Payments that would have wanted one proof less"},
	}
	maps.Copy(all, noticeTexts())
	maps.Copy(all, documentTexts())
	return all
}

// noticeTexts are the words of the messages that payments send.
func noticeTexts() i18n.Messages {
	return i18n.Messages{
		"notify.payment.paid.title":      {"转账已到账", "轉賬已到賬", "Payment sent"},
		"notify.payment.paid.body":       {"您从账户 {account} 转给{name}的 {amount} 已到账。", "您從賬戶 {account} 轉給{name}的 {amount} 已到賬。", "{amount} from your account {account} has reached {name}."},
		"notify.payment.received.title":  {"收到转账", "收到轉賬", "Money received"},
		"notify.payment.received.body":   {"{name}转来 {amount}，已存入账户 {account}。", "{name}轉來 {amount}，已存入賬戶 {account}。", "{name} paid {amount} into your account {account}."},
		"notify.payment.delayed.title":   {"转账处理中", "轉賬處理中", "Payment on its way"},
		"notify.payment.delayed.body":    {"转给{name}的 {amount} 将稍后到账，到账前可以撤销。", "轉給{name}的 {amount} 將稍後到賬，到賬前可以撤銷。", "{amount} to {name} will arrive later; until then you can cancel it."},
		"notify.payment.held.title":      {"转账核实中", "轉賬核實中", "Payment under review"},
		"notify.payment.held.body":       {"转给{name}的 {amount} 正在由银行核实，资金安全。", "轉給{name}的 {amount} 正在由銀行核實，資金安全。", "The bank is looking at your payment of {amount} to {name}. Your money is safe."},
		"notify.payment.failed.title":    {"转账未成功", "轉賬未成功", "Payment not made"},
		"notify.payment.failed.body":     {"转给{name}的 {amount} 未成功，款项没有扣除。", "轉給{name}的 {amount} 未成功，款項沒有扣除。", "Your payment of {amount} to {name} was not made. No money has left your account."},
		"notify.payment.cancelled.title": {"转账已撤销", "轉賬已撤銷", "Payment cancelled"},
		"notify.payment.cancelled.body":  {"转给{name}的 {amount} 已撤销，款项可以使用。", "轉給{name}的 {amount} 已撤銷，款項可以使用。", "Your payment of {amount} to {name} was cancelled. The money is yours to use."},
		"notify.payment.reversed.title":  {"转账已冲正", "轉賬已沖正", "Payment reversed"},
		"notify.payment.reversed.body":   {"与{name}之间的一笔 {amount} 转账已由银行冲正。", "與{name}之間的一筆 {amount} 轉賬已由銀行沖正。", "The bank has reversed a payment of {amount} between you and {name}."},
	}
}
