package auth

import (
	"slices"
	"strconv"
	"strings"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
)

// PINChoice is a PIN that a customer chooses.
type PINChoice struct {
	PIN   crypto.Secret
	Birth clock.Date // zero when unknown
	Avoid []string   // numbers of the person that the PIN may not be part of, such as an ID number
}

// check refuses PINs that are malformed or easily guessed.
func (c PINChoice) check(digits int) error {
	text := c.PIN.Reveal()
	if len(text) != digits || strings.ContainsFunc(text, func(r rune) bool { return r < '0' || r > '9' }) {
		return ErrPINFormat.With("digits", strconv.Itoa(digits))
	}
	if steady(text) || repeated(text) || slices.Contains(commonPINs(), text) || slices.Contains(birthPINs(c.Birth), text) {
		return ErrPINWeak
	}
	for _, own := range c.Avoid {
		if strings.Contains(own, text) {
			return ErrPINWeak
		}
	}
	return nil
}

// steady reports whether all steps between digits are alike: 111111, 123456, 987654, 246802, also over the zero.
func steady(text string) bool {
	const ten = 10
	step := (int(text[1]) - int(text[0]) + ten) % ten
	for i := 2; i < len(text); i++ {
		if (int(text[i])-int(text[i-1])+ten)%ten != step {
			return false
		}
	}
	return true
}

// repeated reports whether a PIN is one part said over (121212, 123123), runs of equal digits (111222, 112233), or
// has two digits only.
func repeated(text string) bool {
	for part := 1; part <= len(text)/2; part++ {
		if len(text)%part == 0 && strings.Repeat(text[:part], len(text)/part) == text {
			return true
		}
	}
	runs, different := 1, map[byte]bool{text[0]: true}
	for i := 1; i < len(text); i++ {
		different[text[i]] = true
		if text[i] != text[i-1] {
			runs++
		}
	}
	return len(different) <= 2 || runs <= len(text)/2
}

// birthPINs are the ways to write a date of birth in six digits.
func birthPINs(birth clock.Date) []string {
	if birth.IsZero() {
		return nil
	}
	digits := strings.ReplaceAll(birth.String(), "-", "") // 19900307
	y, m, d := digits[:4], digits[4:6], digits[6:]
	return []string{y[2:] + m + d, d + m + y[2:], m + d + y[2:], y + m, m + y, m + d + m + d, d + m + d + m, y[2:] + d + m}
}

// commonPINs are those that the published counts of leaks show on top (DataGenetics 2012; PINs of six digits, Markert
// et al. 2020; Chinese sounds: 520 I love you, 1314 for ever, 168 all the way to wealth).
func commonPINs() []string {
	return strings.Fields(`123465 123457 123654 124578 131415 131420 131421 131452 131488 135790 142536 147258 147852 147896
		151515 159357 159753 159951 163163 168168 168888 181818 200000 201314 211314 235689 246810 258369 258456 258258 314159
		321654 336699 357159 369258 456123 456789 520131 520520 521131 521314 521521 584520 654123 666888 741852 753159 753951
		770880 775852 778899 789456 789123 852456 852963 888666 888999 951753 963258 963852 987321 998877 100200 101010 102030
		110110 111213 112358 121314 123789 123890 124816 131211 147369 159630 159874 161718 171819 178178 199999 200800 202020
		234432 252525 258000 281828 292513 299792 314314 333666 345543 374374 445566 456654 518518 531531 556677 566655 567765
		588588 599599 618618 668668 678876 686868 688688 696969 718281 753753 787878 789987 798798 808080 818818 868686 887766
		898989 910910 911911 918918 920920 963741 986532`)
}
