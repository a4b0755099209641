package money_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/tongbao/tongbao/internal/values/money"
)

// The examples printed in 支付结算办法, annex 1, with the spelling that is ours where it prints two, and the places
// where digits, zeros and large units meet.
func TestCapitalsFollowTheRulesOfThePeoplesBank(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"1409.50":              "人民币壹仟肆佰零玖元伍角整",
		"6007.14":              "人民币陆仟零柒元壹角肆分",
		"1680.32":              "人民币壹仟陆佰捌拾元叁角贰分",
		"107000.53":            "人民币壹拾万零柒仟元伍角叁分",
		"16409.02":             "人民币壹万陆仟肆佰零玖元零贰分",
		"325.04":               "人民币叁佰贰拾伍元零肆分",
		"1280.50":              "人民币壹仟贰佰捌拾元伍角整",
		"0":                    "人民币零元整",
		"0.01":                 "人民币壹分",
		"0.10":                 "人民币壹角整",
		"0.11":                 "人民币壹角壹分",
		"-0.05":                "人民币负伍分",
		"-10":                  "人民币负壹拾元整",
		"10":                   "人民币壹拾元整",
		"10000":                "人民币壹万元整",
		"10001":                "人民币壹万零壹元整",
		"100000000":            "人民币壹亿元整",
		"100000001":            "人民币壹亿零壹元整",
		"100010000":            "人民币壹亿零壹万元整",
		"110000000":            "人民币壹亿壹仟万元整",
		"1050000000":           "人民币壹拾亿零伍仟万元整",
		"1000000000000":        "人民币壹万亿元整",
		"1200000000000":        "人民币壹万贰仟亿元整",
		"1000000010000":        "人民币壹万亿零壹万元整",
		"10000000000000000":    "人民币壹万万亿元整",
		"10000000000000001":    "人民币壹万万亿零壹元整",
		"10001000000000000":    "人民币壹万万零壹万亿元整",
		"92233720368547758.07": "人民币玖万万贰仟贰佰叁拾叁万柒仟贰佰零叁亿陆仟捌佰伍拾肆万柒仟柒佰伍拾捌元零柒分",
	} {
		a, err := money.Parse(text, money.CNY)
		if err != nil {
			t.Fatal(err)
		}
		if got := money.Capitals(a); got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
	if got := money.Capitals(jpy(100)); got != "" {
		t.Errorf("yen in capitals: %s", got)
	}
	if got := money.Capitals(cny(math.MinInt64)); !strings.HasPrefix(got, "人民币负玖万万") || !strings.HasSuffix(got, "捌元零捌分") {
		t.Errorf("the least amount is %s", got)
	}
}

// ours rewrites a published text from its library's style into the one of the People's Bank that Capitals follows.
// The libraries agree on digits, zeros and units of thousand; they differ in these marks only.
func ours(style, text string) string {
	text = strings.ReplaceAll(text, "圆", "元") // n2words: the older character for the same unit
	text = "人民币" + strings.TrimPrefix(text, "人民币")
	if !strings.HasSuffix(text, "整") && !strings.HasSuffix(text, "分") {
		text += "整" // nzh drops it when a decimal point is given, bank_zheng after 角, no_zheng always
	}
	return text
}

func TestPublishedCapitalsAreOursWhereTheirStyleIs(t *testing.T) {
	t.Parallel()
	var cases []struct{ Amount, Text, Style, Options, Source string }
	if err := json.Unmarshal(sharedData(t, "rmb/rmb_as_published.json"), &cases); err != nil {
		t.Fatal(err)
	}
	skips := map[string]string{
		"{ complete: true }":   "names 角 and 分 of zero, which no rule of the annex asks for",
		"{ unOmitYuan: true }": "names 元 of zero, which no rule of the annex asks for",
		"bank_zheng 107000.53": "壹拾万柒仟元: the annex allows it, but prints 壹拾万零柒仟元 too; ours writes 零, as DotCommon does",
	}
	checked := 0
	for _, tc := range cases {
		reason := skips[tc.Options]
		if reason == "" {
			reason = skips[tc.Style+" "+tc.Amount]
		}
		if reason != "" {
			t.Logf("skipped %s %s %s: %s", tc.Style, tc.Options, tc.Amount, reason)
			continue
		}
		a, err := money.Parse(tc.Amount, money.CNY)
		if err != nil { // leading zeros, exponents, more than fen: no amount gets that far in the bank
			t.Logf("skipped %s %s: not an amount: %v", tc.Style, tc.Amount, err)
			continue
		}
		checked++
		if got, want := money.Capitals(a), ours(tc.Style, tc.Text); got != want {
			t.Errorf("%s %s: %s, want %s", tc.Style, tc.Amount, got, want)
		}
	}
	if checked < 70 {
		t.Errorf("only %d of %d published cases were checked", checked, len(cases))
	}
	t.Logf("checked %d of %d", checked, len(cases))
}

func FuzzCapitalsNeverPanicAndNameEveryAmount(f *testing.F) {
	for _, minor := range []int64{0, 1, 10, 100, -1, 16_409_02, 100_000_000_000, math.MaxInt64, math.MinInt64} {
		f.Add(minor)
	}
	f.Fuzz(func(t *testing.T, minor int64) {
		text := money.Capitals(cny(minor))
		body, ok := strings.CutPrefix(text, "人民币")
		body, negative := strings.CutPrefix(body, "负")
		if !ok || negative != (minor < 0) {
			t.Fatalf("%d is %s", minor, text)
		}
		if strings.Contains(body, "零零") || minor != 0 && strings.HasPrefix(body, "零") {
			t.Fatalf("%d is %s: zeros are read twice or first", minor, text)
		}
		if strings.HasSuffix(body, "分") == strings.HasSuffix(body, "整") || strings.HasSuffix(body, "分") != (minor%10 != 0) {
			t.Fatalf("%d is %s: it ends wrong", minor, text)
		}
		if got := readCapitals(t, body); got != cny(minor).String() && "-"+got != cny(minor).String() {
			t.Fatalf("%d is %s, which reads as %s", minor, text, got)
		}
	})
}

// readCapitals reads capitals back by adding up digits and units: another way than the one they were written in.
func readCapitals(t *testing.T, text string) string {
	t.Helper()
	digits := map[rune]uint64{'零': 0, '壹': 1, '贰': 2, '叁': 3, '肆': 4, '伍': 5, '陆': 6, '柒': 7, '捌': 8, '玖': 9}
	units := map[rune]uint64{'拾': 10, '佰': 100, '仟': 1000}
	var total, fraction, group, digit uint64 // group: since the last 万 or 亿
	for _, r := range strings.ReplaceAll(text, "万万", "兆") {
		switch {
		case units[r] != 0:
			group += digit * units[r]
			digit = 0
		case r == '兆':
			total, group, digit = (group+digit)*1_0000_0000, 0, 0
		case r == '万':
			total, group, digit = total+(group+digit)*1_0000, 0, 0
		case r == '亿':
			total, group, digit = (total+group+digit)*1_0000_0000, 0, 0
		case r == '元':
			total, group, digit = total+group+digit, 0, 0
		case r == '角':
			fraction, digit = fraction+digit*10, 0
		case r == '分':
			fraction, digit = fraction+digit, 0
		case r != '整':
			value, known := digits[r]
			if !known {
				t.Fatalf("%s has a strange %c", text, r)
			}
			digit = value
		}
	}
	if least := uint64(math.MaxInt64) + 1; total*100+fraction == least {
		return cny(math.MinInt64).String()
	}
	return cny(int64(total*100 + fraction)).String()
}
