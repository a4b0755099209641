package money_test

import (
	"fmt"

	"github.com/govalues/decimal"

	"github.com/tongbao/tongbao/internal/values/money"
)

func ExampleParse() {
	a, err := money.Parse("1280.5", money.CNY)
	fmt.Println(a, a.Currency(), err)
	_, err = money.Parse("0.001", money.CNY)
	fmt.Println(err)
	// Output:
	// 1280.50 CNY <nil>
	// money.too_precise
}

// A fee of 0.15 %, rounded as the price list says.
func ExampleAmount_Mul() {
	rate, err := decimal.Parse("0.0015")
	if err != nil {
		fmt.Println(err)
		return
	}
	fee, err := money.New(1_234_56, money.CNY).Mul(rate, money.HalfUp)
	fmt.Println(fee, err)
	// Output: 1.85 <nil>
}

// A bill of 100 yuan among three people: nobody's cent is lost.
func ExampleAmount_Split() {
	shares, err := money.New(100_00, money.CNY).Split(1, 1, 1)
	fmt.Println(shares, err)
	// Output: [33.34 33.33 33.33] <nil>
}

func ExampleCapitals() {
	fmt.Println(money.Capitals(money.New(1_280_50, money.CNY)))
	// Output: 人民币壹仟贰佰捌拾元伍角整
}
