package money

import (
	"strconv"
	"strings"
)

// The capital digits and units of 支付结算办法.
const (
	capitalDigits = "零壹贰叁肆伍陆柒捌玖"
	sectionDigits = 4 // a section is what stands between 万, 亿 and 万亿
)

// Capitals writes an amount of yuan in Chinese capitals (大写), as receipts and vouchers must show it beside the
// figures: 1280.50 is 人民币壹仟贰佰捌拾元伍角整. Other currencies have no such form and give an empty text.
//
// Source: PBOC, 支付结算办法 (银发〔1997〕393号), annex 1, 正确填写票据和结算凭证的基本规定, rules 2 to 4. Where these
// leave a choice, this is ours:
//   - 整 stands after 元 (must) and after 角 (may), never after 分 (must not), so that nothing can be added;
//   - zeros between other digits are read as one 零, also where 万 or 亿 ends in them (壹拾万零柒仟元), which the
//     annex allows;
//   - 角 that follows a zero of 元 is written without 零 (壹仟陆佰捌拾元叁角贰分), which it allows too.
func Capitals(a Amount) string {
	if a.currency != CNY {
		return ""
	}
	yuan, jiao, fen := a.magnitude()/100, int(a.magnitude()/10%10), int(a.magnitude()%10)
	var text strings.Builder
	text.WriteString("人民币")
	if a.IsNegative() {
		text.WriteString("负")
	}
	if yuan > 0 || a.IsZero() {
		text.WriteString(capitalNumber(yuan) + "元")
	}
	if jiao > 0 {
		text.WriteString(capitalDigit(jiao) + "角")
	}
	if fen > 0 {
		if jiao == 0 && yuan > 0 {
			text.WriteString("零")
		}
		text.WriteString(capitalDigit(fen) + "分")
	} else {
		text.WriteString("整")
	}
	return text.String()
}

// capitalNumber reads a whole number, digit by digit from the left.
func capitalNumber(n uint64) string {
	digits := strconv.FormatUint(n, 10)
	var text strings.Builder
	zeros := false   // zeros were passed since the last digit
	section := false // the section has a digit
	for i := range len(digits) {
		place := len(digits) - 1 - i
		digit := int(digits[i] - '0')
		if digit == 0 && n > 0 {
			zeros = true
		} else {
			if zeros {
				text.WriteString("零")
			}
			text.WriteString(capitalDigit(digit) + placeUnit(place%sectionDigits))
			zeros, section = false, true
		}
		if place%sectionDigits == 0 {
			text.WriteString(sectionUnit(place/sectionDigits, section, n))
			section = false
		}
	}
	return text.String()
}

func capitalDigit(digit int) string {
	return string([]rune(capitalDigits)[digit])
}

func placeUnit(place int) string {
	return [sectionDigits]string{"", "拾", "佰", "仟"}[place]
}

// sectionUnit is the unit that ends a section: 万 and 万万 only where it has a digit, 亿 once for all digits from
// there on (壹万亿, 壹万万亿, 壹万贰仟亿).
func sectionUnit(section int, hasDigit bool, n uint64) string {
	const yi = 1_0000_0000
	switch {
	case section == 4 && hasDigit:
		return "万万"
	case section == 3 && hasDigit, section == 1 && hasDigit:
		return "万"
	case section == 2 && n >= yi:
		return "亿"
	}
	return ""
}
