package deposit

import (
	"maps"

	"github.com/tongbao/tongbao/internal/platform/i18n"
)

// Texts are this room's words for people.
func Texts() i18n.Messages {
	all := faultTexts()
	maps.Copy(all, stepTexts())
	return all
}

// stepTexts names what deposits do at the end of a day.
func stepTexts() i18n.Messages {
	return i18n.Messages{
		"day.step.deposit.accrue":   {"计提利息", "計提利息", "Accrue interest"},
		"day.step.deposit.reprice":  {"利率重定价", "利率重定價", "Reprice"},
		"day.step.deposit.settle":   {"结息", "結息", "Settle interest"},
		"day.step.deposit.fee":      {"收取账户管理费", "收取賬戶管理費", "Charge fees"},
		"day.step.deposit.collect":  {"代扣零存与攒钱", "代扣零存與攢錢", "Collect instalments and standing sums"},
		"day.step.deposit.mature":   {"到期与转存", "到期與轉存", "Maturities and rollover"},
		"day.step.deposit.dormant":  {"不动户", "不動戶", "Dormancy"},
		"day.check.deposit.accrued": {"应计利息总分核对", "應計利息總分核對", "Accrued interest = general ledger"},
	}
}
