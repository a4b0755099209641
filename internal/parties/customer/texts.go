package customer

import (
	"maps"

	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/records/notify"
)

// The messages of this room.
const (
	TemplateWelcome  = "customer.welcome"
	TemplateVerified = "customer.verified"
	TemplateRefused  = "customer.verification_refused"
	TemplateReview   = "customer.verification_review"
	TemplateFrozen   = "customer.frozen"
	TemplateThawed   = "customer.thawed"
	TemplateClosing  = "customer.closing"
	TemplateClosed   = "customer.closed"
	TemplateExport   = "customer.export_ready"
	TemplateRenamed  = "customer.renamed"
)

// Templates are the messages of this room.
func Templates() []notify.Template {
	inbox := []notify.Channel{notify.Inbox}
	all := []notify.Channel{notify.Inbox, notify.SMS, notify.Mail}
	return []notify.Template{
		{Name: TemplateWelcome, Category: notify.CategoryService, Channels: inbox},
		{Name: TemplateVerified, Category: notify.CategoryService, Channels: all},
		{Name: TemplateRefused, Category: notify.CategoryService, Channels: all},
		{Name: TemplateReview, Category: notify.CategoryService, Channels: inbox},
		{Name: TemplateFrozen, Category: notify.CategorySecurity, Channels: all},
		{Name: TemplateThawed, Category: notify.CategorySecurity, Channels: all},
		{Name: TemplateClosing, Category: notify.CategorySecurity, Channels: all},
		{Name: TemplateClosed, Category: notify.CategorySecurity, Channels: all},
		{Name: TemplateExport, Category: notify.CategorySecurity, Channels: all},
		{Name: TemplateRenamed, Category: notify.CategorySecurity, Channels: all},
	}
}

// Texts are the texts of this room: what its refusals say, its messages, and the words of the consents.
func Texts() i18n.Messages {
	texts := faultTexts()
	maps.Copy(texts, verificationTexts())
	maps.Copy(texts, consentTexts())
	maps.Copy(texts, codeTexts())
	for name, m := range messageTexts() {
		for part, text := range m {
			texts["notify."+name+"."+part] = text
		}
	}
	return texts
}

func faultTexts() i18n.Messages {
	return i18n.Messages{
		"customer.unknown":           {"找不到该客户", "找不到該客戶", "There is no such customer"},
		"customer.bad_search":        {"请输入完整的手机号、邮箱、证件号或姓名", "請輸入完整的手機號、電郵、證件號或姓名", "Enter a whole phone number, e-mail address, ID number or name"},
		"customer.no_picture":        {"没有这张照片", "沒有這張照片", "There is no such picture"},
		"customer.frozen":            {"您已冻结账户，解冻后才能办理", "您已凍結帳戶，解凍後才能辦理", "You have frozen your money. Unfreeze it first"},
		"customer.frozen_by_bank":    {"您的账户已被银行冻结，请联系客服", "您的帳戶已被銀行凍結，請聯絡客服", "The bank has frozen your money. Please contact us"},
		"customer.closing":           {"您正在注销，撤销注销后才能办理", "您正在註銷，撤銷註銷後才能辦理", "You are leaving the bank. Take that back first"},
		"customer.closed":            {"该客户已注销", "該客戶已註銷", "This customer has left the bank"},
		"customer.wrong_state":       {"当前状态不允许此操作", "目前狀態不允許此操作", "This is not possible in the present state"},
		"customer.bad_nickname":      {"昵称最多 20 个字，且不能含有特殊字符", "暱稱最多 20 個字，且不能含有特殊字元", "A nickname has at most 20 characters that can be read"},
		"customer.bad_locale":        {"暂不支持该语言", "暫不支援該語言", "We do not speak this language"},
		"customer.consent_missing":   {"请先阅读并同意相关协议", "請先閱讀並同意相關協議", "Please read and agree to this first"},
		"customer.consent_necessary": {"这是提供服务所必需的，如需撤回请注销账户", "這是提供服務所必需的，如需撤回請註銷帳戶", "The service cannot be given without this. To withdraw it, close your relationship with us"},
		"customer.consent_version":   {"协议已更新，请重新阅读", "協議已更新，請重新閱讀", "The text has changed. Please read it again"},
		"customer.bad_purpose":       {"同意事项有误", "同意事項有誤", "That is not a consent we ask for"},
		"customer.reason_needed":     {"请填写原因", "請填寫原因", "Please say why"},
		"customer.staff_only":        {"仅限银行工作人员办理", "僅限銀行工作人員辦理", "Only staff may do this"},
		"customer.no_new_name":       {"姓名没有变化，或该客户尚未实名", "姓名沒有變化，或該客戶尚未實名", "The name is the same, or the customer is not verified yet"},
		"customer.not_met":           {"请先核验客户本人与证件原件", "請先核驗客戶本人與證件原件", "First compare the customer with the original of the document"},
		"customer.other_document":    {"证件与该客户不一致", "證件與該客戶不一致", "The document is not this customer's"},
		"customer.not_compared":      {"请确认已将本人与证件照片比对", "請確認已將本人與證件照片比對", "Confirm that you compared the face with the portrait"},
		"customer.no_case":           {"该审核不存在或已处理", "該審核不存在或已處理", "There is no such case, or it has been decided"},
		"customer.tied":              {"您还有未结清的业务，暂时不能注销", "您還有未結清的業務，暫時不能註銷", "Something is still open. Close it before you leave"},
		"customer.no_export":         {"文件不存在或已过期，请重新申请", "檔案不存在或已過期，請重新申請", "There is no such copy any more. Please ask for a new one"},
		"customer.export_waits":      {"文件正在准备，请稍后再来", "檔案正在準備，請稍後再來", "The copy is being made. Please come back soon"},
		"customer.export_too_large":  {"文件过大，请联系客服", "檔案過大，請聯絡客服", "The copy is too large. Please contact us"},
	}
}

func verificationTexts() i18n.Messages {
	return i18n.Messages{
		"customer.crowded":                 {"当前提交人数较多，请稍后再试", "目前提交人數較多，請稍後再試", "Many people are sending pictures now. Please try again in a moment"},
		"customer.bad_name":                {"请输入证件上的姓名", "請輸入證件上的姓名", "Enter the name as the document shows it"},
		"customer.id_number_form":          {"身份证号应为 18 位", "身份證號應為 18 位", "An ID number has 18 characters"},
		"customer.id_number_15_digits":     {"请输入 18 位身份证号，15 位证件已停用", "請輸入 18 位身份證號，15 位證件已停用", "Enter the number of 18 characters; those of 15 are no longer valid"},
		"customer.id_number_check_digit":   {"身份证号有误，请检查", "身份證號有誤，請檢查", "The ID number has a typing error"},
		"customer.id_number_birth_date":    {"身份证号中的出生日期有误", "身份證號中的出生日期有誤", "The birth date in the ID number is not possible"},
		"customer.id_number_division":      {"身份证号中的地区有误", "身份證號中的地區有誤", "The region in the ID number does not exist"},
		"customer.already_verified":        {"您已完成实名认证", "您已完成實名認證", "You are fully verified"},
		"customer.verification_under_way":  {"正在核实，请等待结果", "正在核實，請等待結果", "We are checking. Please wait for the result"},
		"customer.no_verification":         {"请先填写姓名和身份证号", "請先填寫姓名和身份證號", "Begin with your name and ID number"},
		"customer.wrong_step":              {"请先完成上一步", "請先完成上一步", "Finish the step before this one first"},
		"customer.too_many_attempts":       {"今天的认证次数已用完，请明天再试", "今天的認證次數已用完，請明天再試", "No attempts are left today. Please try again tomorrow"},
		"customer.too_many_pictures":       {"照片更换次数过多，请重新开始", "照片更換次數過多，請重新開始", "Too many pictures were replaced. Please begin again"},
		"customer.identity_fixed":          {"姓名或身份证号与已认证的信息不一致", "姓名或身份證號與已認證的資訊不一致", "You are verified under another name or number"},
		"customer.guardian_needed":         {"未满 {years} 周岁须由监护人陪同到网点办理", "未滿 {years} 周歲須由監護人陪同到網點辦理", "If you are under {years}, please come to a branch with your guardian"},
		"customer.guardian_consent_needed": {"未满 {years} 周岁须经监护人同意，请由监护人到网点办理", "未滿 {years} 周歲須經監護人同意，請由監護人到網點辦理", "If you are under {years}, your guardian has to agree. Please come to a branch together"},
		"customer.bad_side":                {"请选择证件的正面或反面", "請選擇證件的正面或反面", "Choose the front or the back of the document"},
		"customer.not_verified":            {"暂时无法在线核实，请携带证件到网点办理", "暫時無法線上核實，請攜帶證件到網點辦理", "We cannot verify you online. Please bring your document to a branch"},
		"customer.name_number_differ":      {"姓名与身份证号不一致", "姓名與身份證號不一致", "Name and ID number do not belong together"},
		"customer.document_unreadable":     {"证件照片不清晰，请重新拍摄", "證件照片不清晰，請重新拍攝", "We cannot read the document. Please take the pictures again"},
		"customer.document_same_side":      {"请分别拍摄证件的正面和反面", "請分別拍攝證件的正面和反面", "Please take one picture of each side"},
		"customer.document_differs":        {"证件与填写的信息不一致", "證件與填寫的資訊不一致", "The document is not the one you named"},
		"customer.no_face":                 {"没有看到人脸，请在光线充足处重新拍摄", "沒有看到人臉，請在光線充足處重新拍攝", "We see no face. Please try again in better light"},
		"customer.face_differs":            {"人脸与证件不一致", "人臉與證件不一致", "The face is not the one on the document"},
		"customer.provider_away":           {"核实服务暂时不可用，请稍后再试", "核實服務暫時不可用，請稍後再試", "The check is not available now. Please try again later"},
		"customer.identity_taken":          {"该证件已被其他客户使用", "該證件已被其他客戶使用", "The ID number is another customer's"},
		"customer.not_reverified":          {"未能确认您的身份，请检查后重试或到网点办理", "未能確認您的身份，請檢查後重試或到網點辦理", "We could not recognise you. Check what you entered, or come to a branch"},
	}
}

func consentTexts() i18n.Messages {
	return i18n.Messages{
		"customer.consent.terms.title":           {"用户服务协议", "用戶服務協議", "Terms of service"},
		"customer.consent.terms.text":            {"您与本行之间关于账户、转账和安全责任的约定。", "您與本行之間關於帳戶、轉帳和安全責任的約定。", "What you and the bank owe each other: accounts, transfers, safety."},
		"customer.consent.privacy.title":         {"个人信息保护政策", "個人資訊保護政策", "Privacy notice"},
		"customer.consent.privacy.text":          {"为开户、支付和履行反洗钱义务，我们处理您的姓名、证件、联系方式和交易记录，在中国境内保存，业务关系结束后保存十年。", "為開戶、支付和履行反洗錢義務，我們處理您的姓名、證件、聯絡方式和交易記錄，在中國境內保存，業務關係結束後保存十年。", "To open accounts, to pay and to keep the law against money laundering we use your name, document, contacts and transactions. They are kept in China, until ten years after you leave."},
		"customer.consent.biometrics.title":      {"人脸信息单独同意书", "人臉資訊單獨同意書", "Separate consent: your face"},
		"customer.consent.biometrics.text":       {"我们将您的人脸照片与证件照片比对，用于实名认证以及找回密码等重要操作。您可以随时撤回，撤回后我们会删除留存的人脸照片；您也可以到网点办理。", "我們將您的人臉照片與證件照片比對，用於實名認證以及找回密碼等重要操作。您可以隨時撤回，撤回後我們會刪除留存的人臉照片；您也可以到網點辦理。", "We compare a picture of your face with your document, to verify you and when you have lost a password. You may withdraw this at any time, and we delete the picture; a branch can always serve you instead."},
		"customer.consent.personalisation.title": {"个性化推荐", "個性化推薦", "Personal recommendations"},
		"customer.consent.personalisation.text":  {"根据您的使用情况推荐内容和产品。不同意不影响任何服务。", "根據您的使用情況推薦內容和產品。不同意不影響任何服務。", "What we show follows from what you do. Every service works without it."},
		"customer.consent.marketing.title":       {"营销信息", "行銷資訊", "Offers"},
		"customer.consent.marketing.text":        {"通过消息接收优惠和新产品信息。不同意不影响任何服务。", "透過訊息接收優惠和新產品資訊。不同意不影響任何服務。", "Messages about offers and new products. Every service works without it."},
	}
}

// codeTexts are the words for codes that lists show.
func codeTexts() i18n.Messages {
	return i18n.Messages{
		AccessExport:                     {"按您的申请导出个人信息", "按您的申請匯出個人資訊", "A copy that you asked for"},
		AccessAuthority:                  {"应有权机关要求提供资料", "應有權機關要求提供資料", "A copy for an authority that may demand it"},
		AccessReview:                     {"人工审核实名认证", "人工審核實名認證", "To decide your verification"},
		FieldsAll:                        {"全部个人信息", "全部個人資訊", "All personal data"},
		FieldsIdentity:                   {"姓名、证件和照片", "姓名、證件和照片", "Name, document and pictures"},
		AccessView:                       {"员工查看客户页面", "員工查看客戶頁面", "Staff opened your page"},
		FieldsMasked:                     {"已遮盖的个人信息", "已遮蓋的個人資訊", "Masked personal data"},
		AccessReveal("asked"):            {"您提出申请，办理时需要查看", "您提出申請，辦理時需要查看", "Because you asked for something that needs it"},
		AccessReveal("recognise"):        {"核对您的身份", "核對您的身分", "To recognise you"},
		AccessReveal("review"):           {"审核认证或付款", "審核認證或付款", "To review a verification or a payment"},
		AccessReveal("suspicion"):        {"调查可疑情况", "調查可疑情況", "To follow a suspicion"},
		AccessReveal("authority"):        {"依据有权机关的要求", "依據有權機關的要求", "An authority ordered it"},
		"customer.fields_name":           {"姓名", "姓名", "Name"},
		"customer.fields_id_number":      {"身份证号", "身分證號", "ID number"},
		"customer.fields_phone":          {"手机号码", "手機號碼", "Phone number"},
		"customer.fields_email":          {"邮箱地址", "電郵地址", "E-mail address"},
		"customer.fields_account_number": {"账号", "帳號", "Account number"},
		"customer.fields_document":       {"证件照片", "證件照片", "Pictures of your document"},
		reviewUnsure:                     {"核实服务无法判定", "核實服務無法判定", "The provider is not sure"},
		reviewSilent:                     {"核实服务长时间未答复", "核實服務長時間未答覆", "The provider has not answered"},
		reviewAway:                       {"核实服务不可用", "核實服務不可用", "The provider was not available"},
		"customer.frozen_by_customer":    {"客户本人冻结", "客戶本人凍結", "Frozen by the customer"},
	}
}

func messageTexts() map[string]map[string]i18n.Message {
	return map[string]map[string]i18n.Message{
		TemplateWelcome: {
			"title": {"欢迎使用通宝", "歡迎使用通寶", "Welcome to Tongbao"},
			"body":  {"您已注册成功。完成实名认证后即可开立账户。", "您已註冊成功。完成實名認證後即可開立帳戶。", "You are registered. Verify your identity to open an account."},
		},
		TemplateVerified: {
			"title": {"实名认证已通过", "實名認證已通過", "You are verified"},
			"body":  {"您的身份已核实，现在可以开立账户。", "您的身份已核實，現在可以開立帳戶。", "Your identity is verified. You can open an account now."},
			"sms":   {"【通宝】您的实名认证已通过。", "【通寶】您的實名認證已通過。", "[Tongbao] Your identity is verified."},
		},
		TemplateRefused: {
			"title": {"实名认证未通过", "實名認證未通過", "You could not be verified"},
			"body":  {"请打开实名认证页面查看原因并重试。", "請打開實名認證頁面查看原因並重試。", "Open the verification page to see why, and try again."},
			"sms":   {"【通宝】您的实名认证未通过，请打开应用查看。", "【通寶】您的實名認證未通過，請打開應用查看。", "[Tongbao] Your identity could not be verified. Open the app to see why."},
		},
		TemplateReview: {
			"title": {"实名认证转人工审核", "實名認證轉人工審核", "A person is looking at your verification"},
			"body":  {"我们会尽快告知结果，您无需操作。", "我們會盡快告知結果，您無需操作。", "We will tell you the result soon. You need not do anything."},
		},
		TemplateFrozen: {
			"title": {"资金已冻结", "資金已凍結", "Your money is frozen"},
			"body":  {"所有转出已停止，其他登录已退出。如非您本人操作，请联系客服。", "所有轉出已停止，其他登入已登出。如非您本人操作，請聯絡客服。", "Nothing can be paid out. If this was not you, please contact us."},
			"sms":   {"【通宝】您的资金已冻结，所有转出已停止。", "【通寶】您的資金已凍結，所有轉出已停止。", "[Tongbao] Your money is frozen. Nothing can be paid out."},
		},
		TemplateRenamed: {
			"title": {"您的姓名已更新", "您的姓名已更新", "Your name was changed"},
			"body":  {"本行已按您提供的证明更新您的姓名。如非您本人办理，请立即联系我们。", "本行已按您提供的證明更新您的姓名。如非您本人辦理，請立即聯絡我們。", "We changed your name as your document shows it. If this was not you, contact us at once."},
			"sms":   {"【通宝】您在本行登记的姓名已更新。如非本人办理，请立即联系我们。", "【通寶】您在本行登記的姓名已更新。如非本人辦理，請立即聯絡我們。", "[Tongbao] Your name at the bank was changed. If this was not you, contact us at once."},
		},
		TemplateThawed: {
			"title": {"资金已解冻", "資金已解凍", "Your money is no longer frozen"},
			"body":  {"您可以正常转账。如非您本人操作，请立即冻结并联系客服。", "您可以正常轉帳。如非您本人操作，請立即凍結並聯絡客服。", "You can pay again. If this was not you, freeze at once and contact us."},
			"sms":   {"【通宝】您的资金已解冻。如非本人操作，请立即联系客服。", "【通寶】您的資金已解凍。如非本人操作，請立即聯絡客服。", "[Tongbao] Your money is no longer frozen. If this was not you, contact us at once."},
		},
		TemplateClosing: {
			"title": {"注销申请已受理", "註銷申請已受理", "You are leaving the bank"},
			"body":  {"几天后将完成注销，在此之前您可以随时撤销。", "幾天後將完成註銷，在此之前您可以隨時撤銷。", "You will be closed in a few days. Until then you can take it back at any time."},
			"sms":   {"【通宝】注销申请已受理。如非本人操作，请立即登录撤销。", "【通寶】註銷申請已受理。如非本人操作，請立即登入撤銷。", "[Tongbao] We are closing your relationship. If this was not you, sign in and take it back."},
		},
		TemplateClosed: {
			"title": {"注销已完成", "註銷已完成", "You have left the bank"},
			"body":  {"您的信息已限制使用，法定保存期满后删除。感谢您的信任。", "您的資訊已限制使用，法定保存期滿後刪除。感謝您的信任。", "Your data are restricted, and erased when the law allows it. Thank you for your trust."},
			"sms":   {"【通宝】您的注销已完成。", "【通寶】您的註銷已完成。", "[Tongbao] You have left the bank."},
		},
		TemplateExport: {
			"title": {"个人信息副本已准备好", "個人資訊副本已準備好", "The copy of your data is ready"},
			"body":  {"请在到期前下载。如非您本人申请，请联系客服。", "請在到期前下載。如非您本人申請，請聯絡客服。", "Fetch it before it expires. If you did not ask for it, please contact us."},
			"sms":   {"【通宝】个人信息副本已准备好，请打开应用下载。", "【通寶】個人資訊副本已準備好，請打開應用下載。", "[Tongbao] The copy of your data is ready in the app."},
		},
	}
}
