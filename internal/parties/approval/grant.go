package approval

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"slices"
	"sync/atomic"

	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// Grant is the leave to make one change, once its steps are decided. Only this room fills one; its zero value covers
// nothing, and none covers anything after its transaction.
type Grant struct {
	kind      string
	change    [sha256.Size]byte
	request   id.Approval
	approvers []id.Staff
	live      *atomic.Bool
}

var _ act.Grant = Grant{}

// Covers implements act.Grant: exactly the change that was decided, while the act runs.
func (g Grant) Covers(kind string, change any) bool {
	if g.live == nil || !g.live.Load() || kind != g.kind {
		return false
	}
	written, err := json.Marshal(change)
	return err == nil && sha256.Sum256(written) == g.change
}

// Request implements act.Grant.
func (g Grant) Request() string { return string(g.request) }

// Approvers implements act.Grant.
func (g Grant) Approvers() []id.Staff { return slices.Clone(g.approvers) }

// decode reads a change strictly: what its kind does not know is refused.
func decode[P any](params json.RawMessage) (P, error) {
	var p P
	decoder := json.NewDecoder(bytes.NewReader(params))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&p); err != nil {
		return p, ErrParams.Because(err)
	}
	if decoder.More() {
		return p, ErrParams
	}
	return p, nil
}
