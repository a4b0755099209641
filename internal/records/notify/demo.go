package notify

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

// Copy is what a bank with demo data sent, in clear. No other bank keeps any.
type Copy struct {
	At      time.Time
	Channel Channel
	To      string
	Title   string // of mail
	Text    string
	Code    string // the one-time code in it, if any
}

// keepCopy keeps what was sent, for /dev/inbox.
func keepCopy(tx *db.Tx, d delivery, said content, e ending) error {
	return insertCopy(tx, id.Raw(tx.Now()), Copy{
		At: tx.Now(), Channel: d.channel, To: said.To, Title: e.title, Text: e.body, Code: said.Params[codeParam],
	})
}

// Copies are the latest things that a bank with demo data sent to a phone or mail address, or to anybody when it is
// empty. A phone may be written without +86. ErrNotDemo for a bank that keeps none.
func (s *Service) Copies(ctx context.Context, to string, limit int) ([]Copy, error) {
	if !s.parts.Demo {
		return nil, ErrNotDemo
	}
	abroad := to
	if to != "" && !strings.HasPrefix(to, "+") && !strings.Contains(to, "@") {
		abroad = "+86" + to
	}
	var all []Copy
	err := s.parts.DB.Read(ctx, func(tx *db.Tx) (err error) {
		all, err = listCopies(ctx, tx, to, abroad, pageOf(limit))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list copies: %w", err)
	}
	return all, nil
}
