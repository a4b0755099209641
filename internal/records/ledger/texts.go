package ledger

import "github.com/tongbao/tongbao/internal/platform/i18n"

// Texts are the texts of this room: its faults, and the names of the headings of the chart.
func Texts() i18n.Messages {
	return i18n.Messages{
		"ledger.insufficient_funds":  {"账户可用余额不足。", "賬戶可用餘額不足。", "There is not enough available money in the account."},
		"ledger.frozen":              {"账户已被限制,暂时不能进行这笔交易。", "賬戶已被限制,暫時不能進行這筆交易。", "The account is restricted; this transaction is not possible for now."},
		"ledger.account_not_found":   {"找不到该账户。", "找不到該賬戶。", "This account does not exist."},
		"ledger.account_exists":      {"该账户已经开立。", "該賬戶已經開立。", "This account has been opened already."},
		"ledger.account_closed":      {"该账户已销户。", "該賬戶已銷戶。", "This account is closed."},
		"ledger.not_zero":            {"账户仍有余额、预留或冻结,不能销户。", "賬戶仍有餘額、預留或凍結,不能銷戶。", "The account still has a balance, a hold or a freeze and cannot be closed."},
		"ledger.currency":            {"账户币种与金额币种不一致。", "賬戶幣種與金額幣種不一致。", "The account is kept in another currency."},
		"ledger.overflow":            {"金额过大。", "金額過大。", "The amount is too large."},
		"ledger.unbalanced":          {"记账凭证借贷不平衡({currency})。", "記賬憑證借貸不平衡({currency})。", "The journal's debits and credits differ in {currency}."},
		"ledger.bad_journal":         {"记账凭证不完整。", "記賬憑證不完整。", "The journal is incomplete."},
		"ledger.bad_account":         {"账户资料不完整,不能开立。", "賬戶資料不完整,不能開立。", "The account cannot be opened as asked."},
		"ledger.journal_not_found":   {"找不到该记账凭证。", "找不到該記賬憑證。", "This journal does not exist."},
		"ledger.already_reversed":    {"该交易已经冲正。", "該交易已經沖正。", "This transaction has been reversed already."},
		"ledger.not_reversible":      {"该交易不能冲正。", "該交易不能沖正。", "This transaction cannot be reversed."},
		"ledger.hold_not_found":      {"找不到该笔预留资金。", "找不到該筆預留資金。", "This hold does not exist."},
		"ledger.hold_ended":          {"该笔预留资金已使用、释放或到期。", "該筆預留資金已使用、釋放或到期。", "This hold has been used, released, or has expired."},
		"ledger.hold_exceeded":       {"金额超过预留资金的余额。", "金額超過預留資金的餘額。", "The amount is more than is left of the hold."},
		"ledger.bad_hold":            {"预留资金的金额或期限无效。", "預留資金的金額或期限無效。", "The amount or end of the hold is not valid."},
		"ledger.restraint_not_found": {"找不到该冻结或止付。", "找不到該凍結或止付。", "This freeze does not exist."},
		"ledger.restraint_lifted":    {"该冻结或止付已解除。", "該凍結或止付已解除。", "This freeze has been lifted already."},
		"ledger.bad_restraint":       {"冻结或止付的种类、金额或期限无效。", "凍結或止付的種類、金額或期限無效。", "The kind, amount or end of the freeze is not valid."},

		"ledger.account.100101": {"库存现金", "庫存現金", "Cash"},
		"ledger.account.100301": {"存放中央银行款项", "存放中央銀行款項", "Balances with the central bank"},
		"ledger.account.122101": {"其他应收款—待查", "其他應收款—待查", "Suspense, receivable"},
		"ledger.account.201101": {"吸收存款—Ⅰ类账户", "吸收存款—Ⅰ類賬戶", "Deposits, class I accounts"},
		"ledger.account.201102": {"吸收存款—Ⅱ类账户", "吸收存款—Ⅱ類賬戶", "Deposits, class II accounts"},
		"ledger.account.201103": {"吸收存款—Ⅲ类账户", "吸收存款—Ⅲ類賬戶", "Deposits, class III accounts"},
		"ledger.account.223101": {"应付利息", "應付利息", "Interest payable"},
		"ledger.account.224101": {"其他应付款—待查", "其他應付款—待查", "Suspense, payable"},
		"ledger.account.300101": {"清算资金往来", "清算資金往來", "Clearing"},
		"ledger.account.300102": {"系统内往来", "系統內往來", "Between branches"},
		"ledger.account.300201": {"货币兑换", "貨幣兌換", "Currency position"},
		"ledger.account.400101": {"实收资本", "實收資本", "Paid-in capital"},
		"ledger.account.410401": {"未分配利润", "未分配利潤", "Retained earnings"},
		"ledger.account.602101": {"手续费及佣金收入", "手續費及佣金收入", "Fee and commission income"},
		"ledger.account.641101": {"利息支出", "利息支出", "Interest expense"},
		"ledger.account.642101": {"手续费及佣金支出", "手續費及佣金支出", "Fee and commission expense"},
		"ledger.account.660201": {"业务及管理费", "業務及管理費", "Operating expense"},
	}
}
