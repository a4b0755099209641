package ledger

import (
	"maps"

	"github.com/tongbao/tongbao/internal/platform/i18n"
)

// Texts are the texts of this room: its faults, and the names of the headings of the chart.
func Texts() i18n.Messages {
	all := ownTexts()
	maps.Copy(all, stepTexts())
	return all
}

// stepTexts names what the ledger does at the end of a day.
func stepTexts() i18n.Messages {
	return i18n.Messages{
		"day.step.ledger.expire_holds":   {"到期解冻", "到期解凍", "Expire holds"},
		"day.step.ledger.balances":       {"日终余额", "日終餘額", "Balances of the day"},
		"day.step.ledger.close_year":     {"年终结转", "年終結轉", "Close of the year"},
		"day.check.ledger.trial_balance": {"试算平衡", "試算平衡", "Trial balance"},
		"day.check.ledger.closing":       {"日终余额总分核对", "日終餘額總分核對", "Closing balances = general ledger"},
		"day.check.ledger.control":       {"总分核对", "總分核對", "Sub-ledger = control account"},
	}
}
