package cash

import (
	_ "embed" // denominations.json
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/tongbao/tongbao/internal/values/money"
)

//go:embed denominations.json
var denominations []byte

// Denomination is a note or a coin.
type Denomination struct {
	Code     string `json:"code"`
	Currency string `json:"currency"`
	Kind     string `json:"kind"` // note or coin
	Minor    int64  `json:"minor"`
}

// Denominations are all notes and coins, the largest first.
func Denominations() ([]Denomination, error) {
	var all []Denomination
	if err := json.Unmarshal(denominations, &all); err != nil {
		return nil, fmt.Errorf("read denominations.json: %w", err)
	}
	return all, nil
}

// Pieces are so many notes or coins of each denomination, by its code.
type Pieces map[string]int64

const piecesMost = 1_000_000 // of one denomination in one movement

// total is what pieces of a currency are worth. Error: ErrPieces.
func (s *Service) total(p Pieces, currency money.Currency) (money.Amount, error) {
	sum := money.Zero(currency)
	for _, code := range slices.Sorted(maps.Keys(p)) {
		d, known := s.known[code]
		n := p[code]
		if !known || d.Currency != currency.Code() || n < 0 || n > piecesMost {
			return money.Amount{}, ErrPieces.At("/pieces/" + code)
		}
		var err error
		if sum, err = sum.Add(money.New(n*d.Minor, currency)); err != nil {
			return money.Amount{}, err
		}
	}
	return sum, nil
}

// paid is total of pieces that change hands: some, not none.
func (s *Service) paid(p Pieces, currency money.Currency) (money.Amount, error) {
	sum, err := s.total(p, currency)
	if err == nil && !sum.IsPositive() {
		err = ErrPieces.At("/pieces")
	}
	return sum, err
}

// negative are the same pieces the other way.
func (p Pieces) negative() Pieces {
	out := make(Pieces, len(p))
	for code, n := range p {
		out[code] = -n
	}
	return out
}

// minus is what p has more, or less, of each denomination than other.
func (p Pieces) minus(other Pieces) Pieces {
	out := make(Pieces)
	for code, n := range p {
		if d := n - other[code]; d != 0 {
			out[code] = d
		}
	}
	for code, n := range other {
		if _, both := p[code]; !both && n != 0 {
			out[code] = -n
		}
	}
	return out
}

// add puts pieces in, or takes them out when there are enough. Error: ErrStock.
func (p Pieces) add(change Pieces) error {
	for code, n := range change {
		if p[code]+n < 0 {
			return ErrStock.With("denomination", code)
		}
	}
	for code, n := range change {
		p[code] += n
	}
	return nil
}
