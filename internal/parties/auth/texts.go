package auth

import (
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/records/notify"
)

// Templates of messages that carry no code.
const (
	templateNoAccount   = "auth.no_account"   // to who is no customer and asked for a code of one
	templateHaveAccount = "auth.have_account" // to who is a customer and asked for a code of a newcomer
)

// codeTemplate is the message that carries a code for a purpose.
func codeTemplate(p CodePurpose) string { return "auth.code_" + string(p) }

// Templates are the messages of this room. Security messages reach people whatever they prefer.
func Templates() []notify.Template {
	direct := []notify.Channel{notify.SMS, notify.Mail}
	all := []notify.Channel{notify.Inbox, notify.SMS, notify.Mail}
	var list []notify.Template
	for _, p := range []CodePurpose{CodeRegister, CodeSignIn, CodePasswordReset, CodeLostPhone, CodeNewContact, CodeStepUp, CodeSecondFactor} {
		list = append(list, notify.Template{Name: codeTemplate(p), Category: notify.CategorySecurity, Channels: direct})
	}
	for _, name := range []string{templateNoAccount, templateHaveAccount} {
		list = append(list, notify.Template{Name: name, Category: notify.CategorySecurity, Channels: direct})
	}
	for _, name := range []string{
		"auth.new_device", "auth.password_changed", "auth.phone_changed", "auth.email_changed", "auth.passkey_added",
		"auth.passkey_removed", "auth.pin_changed", "auth.pin_locked", templateReset,
	} {
		list = append(list, notify.Template{Name: name, Category: notify.CategorySecurity, Channels: all})
	}
	return list
}

// Texts are the texts of this room: what its refusals say, and its messages.
func Texts() i18n.Messages {
	texts := faultTexts()
	for name, m := range messageTexts() {
		for part, text := range m {
			texts["notify."+name+"."+part] = text
		}
	}
	return texts
}

func faultTexts() i18n.Messages {
	return i18n.Messages{
		"auth.bad_phone":              {"请输入正确的手机号码", "請輸入正確的手機號碼", "Enter a valid phone number"},
		"auth.bad_email":              {"请输入正确的邮箱地址", "請輸入正確的電郵地址", "Enter a valid e-mail address"},
		"auth.contact_taken":          {"该手机号或邮箱已被使用", "該手機號或電郵已被使用", "This phone number or e-mail address is already in use"},
		"auth.bad_principal":          {"用户编号有误", "用戶編號有誤", "That is not a user"},
		"auth.unknown_principal":      {"找不到该用户", "找不到該用戶", "There is no such user"},
		ErrReset.Code():               {"重设登录方式须由员工说明理由后办理", "重設登入方式須由職員說明理由後辦理", "Only staff reset how a customer signs in, and must say why"},
		"auth.wrong_state":            {"当前状态不允许此操作", "目前狀態不允許此操作", "This is not possible in the present state"},
		"auth.suspended":              {"您的登录已被银行暂停，请联系客服", "您的登入已被銀行暫停，請聯絡客服", "The bank has suspended your sign-in. Please contact us"},
		"auth.unknown_device":         {"找不到该设备", "找不到該裝置", "There is no such device"},
		"auth.no_session":             {"请先登录", "請先登入", "Please sign in"},
		"auth.unknown_session":        {"找不到该登录", "找不到該登入", "There is no such session"},
		"auth.code_wait":              {"获取验证码过于频繁，请稍后再试", "獲取驗證碼過於頻繁，請稍後再試", "Too many codes. Please wait before you ask for another"},
		"auth.code_wrong":             {"验证码不正确", "驗證碼不正確", "The code is not right"},
		"auth.code_expired":           {"验证码已过期，请重新获取", "驗證碼已過期，請重新獲取", "The code has expired. Ask for another"},
		"auth.code_tries":             {"验证码错误次数过多，请重新获取", "驗證碼錯誤次數過多，請重新獲取", "Too many wrong codes. Ask for another"},
		"auth.code_used":              {"验证码已使用，请重新获取", "驗證碼已使用，請重新獲取", "The code has been used. Ask for another"},
		"auth.code_purpose":           {"无法发送此类验证码", "無法發送此類驗證碼", "A code cannot be sent for this"},
		"auth.wrong_credentials":      {"账号或密码不正确", "帳號或密碼不正確", "The account or the password is not right"},
		"auth.locked":                 {"尝试次数过多，请稍后再试", "嘗試次數過多，請稍後再試", "Too many attempts. Please try again later"},
		"auth.crowded":                {"当前登录人数较多，请稍后再试", "目前登入人數較多，請稍後再試", "Many people are signing in now. Please try again in a moment"},
		"auth.wrong_method":           {"不支持此验证方式", "不支援此驗證方式", "This way to verify is not accepted here"},
		"auth.no_second_factor":       {"这是新设备，请通过证件和人脸重新核实身份", "這是新裝置，請透過證件和人臉重新核實身分", "This device is new. Please verify your identity again by document and face"},
		"auth.ticket_expired":         {"登录已超时，请重新开始", "登入已逾時，請重新開始", "The sign-in has expired. Please start again"},
		"auth.step_up_needed":         {"请再次验证身份", "請再次驗證身分", "Please confirm that it is you"},
		"auth.bad_purpose":            {"验证用途有误", "驗證用途有誤", "That is not a purpose to verify for"},
		"auth.invitation_expired":     {"邀请已失效，请向管理员索取新的邀请", "邀請已失效，請向管理員索取新的邀請", "The invitation has expired. Ask an administrator for a new one"},
		"auth.reverification_expired": {"身份核实已失效，请重新核实", "身分核實已失效，請重新核實", "The identity check has expired. Please repeat it"},
		"auth.stranger_tries":         {"核实次数过多，请稍后再试", "核實次數過多，請稍後再試", "Too many attempts to be recognised. Please try again later"},
		"auth.passkey_refused":        {"通行密钥验证失败", "通行金鑰驗證失敗", "The passkey could not be verified"},
		"auth.passkeys_unavailable":   {"此网址无法使用通行密钥", "此網址無法使用通行金鑰", "Passkeys cannot be used at this address"},
		"auth.unknown_passkey":        {"找不到该通行密钥", "找不到該通行金鑰", "There is no such passkey"},
		"auth.passkeys_most":          {"通行密钥数量已达上限，请先删除一个", "通行金鑰數量已達上限，請先刪除一個", "You have as many passkeys as possible. Remove one first"},
		"auth.passkey_exists":         {"此设备已有通行密钥", "此裝置已有通行金鑰", "This device already has a passkey"},
		"auth.password_short":         {"密码至少需要 {least} 个字符", "密碼至少需要 {least} 個字元", "Use at least {least} characters"},
		"auth.password_long":          {"密码最多 {most} 个字符", "密碼最多 {most} 個字元", "Use at most {most} characters"},
		"auth.password_text":          {"密码含有无法输入的字符", "密碼含有無法輸入的字元", "The password has characters that cannot be typed"},
		"auth.password_simple":        {"密码过于简单，请混合使用字母、数字或符号", "密碼過於簡單，請混合使用字母、數字或符號", "Too simple. Mix letters, digits or signs"},
		"auth.password_common":        {"该密码很常见，容易被猜中，请换一个", "該密碼很常見，容易被猜中，請換一個", "This password is widely used and easily guessed. Choose another"},
		"auth.password_personal":      {"密码不能包含您的手机号、邮箱或姓名", "密碼不能包含您的手機號、電郵或姓名", "Leave your phone number, e-mail address and name out of the password"},
		"auth.pin_format":             {"请输入 {digits} 位数字", "請輸入 {digits} 位數字", "Enter {digits} digits"},
		"auth.pin_weak":               {"支付密码过于简单，请避免生日、连号和重复数字", "支付密碼過於簡單，請避免生日、連號和重複數字", "Too easily guessed. Avoid birthdays, sequences and repeated digits"},
		"auth.pin_wrong":              {"支付密码不正确，还可尝试 {left} 次", "支付密碼不正確，還可嘗試 {left} 次", "The payment PIN is not right. Tries left: {left}"},
		"auth.pin_locked":             {"支付密码已锁定，请稍后再试或重新核实身份后重设", "支付密碼已鎖定，請稍後再試或重新核實身分後重設", "The payment PIN is locked. Try later, or verify your identity to set a new one"},
		"auth.pin_not_set":            {"请先设置支付密码", "請先設定支付密碼", "Set a payment PIN first"},
	}
}

// parts are the texts of one message: title, body, sms.
type parts map[string]i18n.Message

// codeParts is a message that carries a code.
func codeParts(zhHans, zhHant, en string) parts {
	text := i18n.Message{
		"验证码 {code}，用于" + zhHans + "，{minutes} 分钟内有效。银行工作人员不会向您索要验证码，请勿告诉任何人。",
		"驗證碼 {code}，用於" + zhHant + "，{minutes} 分鐘內有效。銀行職員不會向您索取驗證碼，請勿告訴任何人。",
		"{code} is your code to " + en + ". It is valid for {minutes} minutes. The bank never asks you for it: tell nobody.",
	}
	return parts{"title": {"通宝验证码", "通寶驗證碼", "Your Tongbao code"}, "body": text, "sms": text}
}

// plainParts is a message with one text for all ways.
func plainParts(title, text i18n.Message) parts {
	return parts{"title": title, "body": text, "sms": text}
}

// changedParts warns about a change that somebody has made on a device.
func changedParts(zhHans, zhHant, en string) parts {
	return plainParts(
		i18n.Message{zhHans, zhHant, en},
		i18n.Message{
			zhHans + "（设备：{device}）。其他设备已退出登录，24 小时内转账限额降低。如非本人操作，请立即紧急冻结账户并联系我们。",
			zhHant + "（裝置：{device}）。其他裝置已登出，24 小時內轉帳限額降低。如非本人操作，請立即緊急凍結帳戶並聯絡我們。",
			en + " (device: {device}). Other devices were signed out, and transfer limits are lower for 24 hours. If this was not you, freeze your accounts at once and contact us.",
		},
	)
}

func messageTexts() map[string]parts {
	return map[string]parts{
		"auth.code_register":       codeParts("注册", "註冊", "register"),
		"auth.code_sign_in":        codeParts("登录", "登入", "sign in"),
		"auth.code_password_reset": codeParts("重设登录密码", "重設登入密碼", "reset your password"),
		"auth.code_lost_phone":     codeParts("更换遗失的手机号码", "更換遺失的手機號碼", "replace a lost phone"),
		"auth.code_new_contact":    codeParts("绑定新的联系方式", "綁定新的聯絡方式", "confirm your new contact"),
		"auth.code_step_up":        codeParts("确认您的操作", "確認您的操作", "confirm what you are doing"),
		"auth.code_second_factor":  codeParts("在新设备上登录", "在新裝置上登入", "sign in on a new device"),
		templateNoAccount: plainParts(
			i18n.Message{"通宝", "通寶", "Tongbao"},
			i18n.Message{
				"有人用您的号码或邮箱请求了通宝验证码，但它没有对应的账户。如非本人操作，请忽略。",
				"有人用您的號碼或電郵請求了通寶驗證碼，但它沒有對應的帳戶。如非本人操作，請忽略。",
				"Somebody asked for a Tongbao code with this number or address, which has no account. If it was not you, ignore this.",
			}),
		templateHaveAccount: plainParts(
			i18n.Message{"通宝", "通寶", "Tongbao"},
			i18n.Message{
				"有人要在通宝使用您的号码或邮箱，但它已有账户，请直接登录。如非本人操作，请忽略。",
				"有人要在通寶使用您的號碼或電郵，但它已有帳戶，請直接登入。如非本人操作，請忽略。",
				"Somebody wanted to use this number or address at Tongbao, but it already has an account: please sign in. If it was not you, ignore this.",
			}),
		"auth.new_device": plainParts(
			i18n.Message{"新设备登录", "新裝置登入", "Signed in on a new device"},
			i18n.Message{
				"您的账户在新设备上登录：{device}。如非本人操作，请立即紧急冻结账户并联系我们。",
				"您的帳戶在新裝置上登入：{device}。如非本人操作，請立即緊急凍結帳戶並聯絡我們。",
				"Your account was signed in on a new device: {device}. If this was not you, freeze your accounts at once and contact us.",
			}),
		"auth.password_changed": changedParts("登录密码已更改", "登入密碼已更改", "Your password was changed"),
		"auth.phone_changed":    changedParts("手机号码已更改", "手機號碼已更改", "Your phone number was changed"),
		"auth.email_changed":    changedParts("邮箱地址已更改", "電郵地址已更改", "Your e-mail address was changed"),
		"auth.passkey_added":    changedParts("已添加通行密钥", "已新增通行金鑰", "A passkey was added"),
		"auth.passkey_removed":  changedParts("通行密钥已删除", "通行金鑰已刪除", "A passkey was removed"),
		"auth.pin_changed":      changedParts("支付密码已更改", "支付密碼已更改", "Your payment PIN was changed"),
		templateReset: plainParts(
			i18n.Message{"登录方式已由银行重设", "登入方式已由銀行重設", "The bank has reset how you sign in"},
			i18n.Message{
				"应您的要求，银行已清除您的登录密码、支付密码、通行密钥和已信任设备。请在登录页选择忘记密码重新设置。如非本人要求，请立即联系我们。",
				"應您的要求，銀行已清除您的登入密碼、支付密碼、通行金鑰和已信任裝置。請在登入頁選擇忘記密碼重新設定。如非本人要求，請立即聯絡我們。",
				"As you asked, the bank has cleared your password, payment PIN, passkeys and trusted devices. Choose Forgotten password on the sign-in page to set them again. If you did not ask for this, contact us at once.",
			}),
		"auth.pin_locked": plainParts(
			i18n.Message{"支付密码已锁定", "支付密碼已鎖定", "Your payment PIN is locked"},
			i18n.Message{
				"支付密码多次输入错误，已锁定。如非本人操作，请立即紧急冻结账户并联系我们。",
				"支付密碼多次輸入錯誤，已鎖定。如非本人操作，請立即緊急凍結帳戶並聯絡我們。",
				"The payment PIN was wrong too often and is locked. If this was not you, freeze your accounts at once and contact us.",
			}),
	}
}
