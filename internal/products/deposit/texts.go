package deposit

import "github.com/tongbao/tongbao/internal/platform/i18n"

// Texts are this room's words for people.
func Texts() i18n.Messages {
	return i18n.Messages{
		ErrNotFound.Code():      {"没有找到这个账户。", "沒有找到這個賬戶。", "There is no such account."},
		ErrLevel.Code():         {"请先完成实名认证，再开立这类账户。", "請先完成實名認證，再開立這類賬戶。", "Please verify your identity further before opening this kind of account."},
		ErrCount.Code():         {"这类账户已达到法规允许的数量。", "這類賬戶已達到法規允許的數量。", "You have as many accounts of this class as the rules allow."},
		ErrClosed.Code():        {"账户已销户。", "賬戶已銷戶。", "The account is closed."},
		ErrNotEmpty.Code():      {"账户里还有余额、冻结或未完成的转账，不能销户。", "賬戶裡還有餘額、凍結或未完成的轉賬，不能銷戶。", "An account with money, holds or restraints cannot be closed."},
		ErrOpenAccounts.Code():  {"还有未销户的账户，请先销户。", "還有未銷戶的賬戶，請先銷戶。", "You still hold accounts. Please close them first."},
		ErrStopped.Code():       {"账户的止付状态已经改变，请刷新。", "賬戶的止付狀態已經改變，請重新整理。", "The stop on this account has changed already. Please reload."},
		ErrNickname.Code():      {"账户别名最多 20 个字。", "賬戶別名最多 20 個字。", "A nickname has at most 20 characters."},
		ErrAccountNumber.Code(): {"账号不正确，请核对。", "賬號不正確，請核對。", "This is not a valid account number. Please check it."},
		ErrNumberPrefix.Code():  {"账号前缀设置有误。", "賬號前綴設定有誤。", "The prefix of account numbers is not set correctly."},
		ErrNumbersUsedUp.Code(): {"账号已经用完。", "賬號已經用完。", "There are no account numbers left."},
		ErrOwnLimit.Code():      {"限额超出允许的范围（最高 {max}）。", "限額超出允許的範圍（最高 {max}）。", "This limit is outside what is allowed ({max} at most)."},
		ErrSingle.Code():        {"超过单笔限额。", "超過單筆限額。", "This is more than your limit for one payment."},
		ErrChannelDay.Code():    {"超过今日限额。", "超過今日限額。", "This is more than you have left for today."},
		ErrChannelYear.Code():   {"超过今年限额。", "超過今年限額。", "This is more than you have left for this year."},
		ErrClassDay.Code():      {"超过这类账户的每日限额。", "超過這類賬戶的每日限額。", "This is more than this class of account may pay in a day."},
		ErrClassYear.Code():     {"超过这类账户的每年限额。", "超過這類賬戶的每年限額。", "This is more than this class of account may pay in a year."},
		ErrIncomingDay.Code():   {"超过对方账户今日可收金额。", "超過對方賬戶今日可收金額。", "This is more than the payee's account may take in a day."},
		ErrIncomingYear.Code():  {"超过对方账户今年可收金额。", "超過對方賬戶今年可收金額。", "This is more than the payee's account may take in a year."},
		ErrBalance.Code():       {"对方账户的余额将超过法规上限。", "對方賬戶的餘額將超過法規上限。", "The payee's account would hold more than its class allows."},
		ErrSmall.Code():         {"今日免密额度已用完，请输入支付密码。", "今日免密額度已用完，請輸入支付密碼。", "You have used today's allowance without a PIN. Please enter your PIN."},
	}
}
