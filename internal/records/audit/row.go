package audit

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"time"

	"golang.org/x/mod/sumdb/tlog"

	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// form is the version of the canonical form of a record. A record is read in the form that it was written in.
const form = "tongbao-audit-1"

// row is a record as it stands in its table, with its place in the log if it has one.
type row struct {
	id       id.Audit
	at       time.Time
	by       act.By
	customer id.Customer
	act      string
	subject  string
	outcome  Outcome
	code     string
	detail   string // JSON with sorted keys, or empty
	personal []byte
	macKey   string
	mac      []byte

	missing bool // there is a place or a wait for it, and no record
	leaf    int64
	sealed  bool
}

func newRow(r Record, now time.Time) (row, error) {
	if r.Act == "" || r.By.Kind == "" || (r.Outcome != Done && r.Outcome != Refused) {
		return row{}, ErrBadRecord.Because(fmt.Errorf("record of act %q with outcome %q", r.Act, r.Outcome))
	}
	made := row{
		id: r.ID, at: now, by: r.By, customer: r.Customer, act: r.Act, subject: r.Subject,
		outcome: r.Outcome, code: r.Code, personal: r.Personal,
	}
	if made.id == "" {
		made.id = id.New[id.Audit](now)
	}
	if made.customer == "" {
		made.customer = r.By.Customer()
	}
	if len(r.Detail) > 0 {
		text, err := json.Marshal(r.Detail) // writes the keys of a map in order
		if err != nil {
			return row{}, ErrBadRecord.Because(err)
		}
		made.detail = string(text)
	}
	return made, nil
}

// parts is the canonical form of everything in the record but its MAC: what the MAC is made over.
func (r row) parts() [][]byte {
	var at [8]byte
	binary.BigEndian.PutUint64(at[:], uint64(r.at.UnixMicro()))
	texts := [...]string{
		form, string(r.id), string(at[:]),
		string(r.by.Kind), r.by.Actor, string(r.customer), string(r.by.OnBehalfOf), string(r.by.Channel), r.by.Branch,
		string(r.by.Device), string(r.by.Session), r.by.Address, r.by.Trace, r.by.Reason,
		r.act, r.subject, string(r.outcome), r.code, r.detail,
	}
	size := 0
	for _, t := range texts {
		size += len(t)
	}
	all := make([]byte, 0, size) // one piece of memory for all: every act of the bank makes a record
	parts := make([][]byte, 0, partsCount)
	for _, t := range texts {
		begin := len(all)
		all = append(all, t...)
		parts = append(parts, all[begin:len(all):len(all)])
	}
	return append(parts, r.personal)
}

// partsCount is how many parts a leaf has: those above, the MAC and the name of its key.
const partsCount = 22

// data is the canonical form of the whole record, its MAC too: what a leaf of the log hashes. Each part stands behind
// its length, so that no two records have the same form.
func (r row) data() []byte {
	var out []byte
	for _, part := range append(r.parts(), []byte(r.macKey), r.mac) {
		out = binary.BigEndian.AppendUint32(out, uint32(len(part)))
		out = append(out, part...)
	}
	return out
}

func (r row) hash() tlog.Hash { return tlog.RecordHash(r.data()) }

// parse reads what data wrote.
func parse(data []byte) (row, error) {
	parts := make([][]byte, 0, partsCount)
	for len(data) > 0 {
		if len(data) < 4 {
			return row{}, ErrProof
		}
		length := binary.BigEndian.Uint32(data)
		if data = data[4:]; uint64(length) > uint64(len(data)) {
			return row{}, ErrProof
		}
		parts, data = append(parts, data[:length]), data[length:]
	}
	if len(parts) != partsCount || string(parts[0]) != form || len(parts[2]) != 8 {
		return row{}, ErrProof
	}
	text := func(i int) string { return string(parts[i]) }
	return row{
		id: id.Audit(text(1)), at: time.UnixMicro(int64(binary.BigEndian.Uint64(parts[2]))).UTC(),
		by: act.By{
			Kind: act.Kind(text(3)), Actor: text(4), OnBehalfOf: id.Customer(text(6)), Channel: act.Channel(text(7)), Branch: text(8),
			Device: id.Device(text(9)), Session: id.Session(text(10)), Address: text(11), Trace: text(12), Reason: text(13),
		},
		customer: id.Customer(text(5)), act: text(14), subject: text(15), outcome: Outcome(text(16)), code: text(17), detail: text(18),
		personal: parts[19], macKey: text(20), mac: parts[21],
	}, nil
}

// entry is the record as others read it.
func (r row) entry() (Entry, error) {
	e := Entry{
		Record: Record{
			ID: r.id, By: r.by, Act: r.act, Subject: r.subject, Customer: r.customer,
			Outcome: r.outcome, Code: r.code, Personal: r.personal,
		},
		At: r.at, Leaf: r.leaf, Sealed: r.sealed,
	}
	if r.detail != "" {
		if err := json.Unmarshal([]byte(r.detail), &e.Detail); err != nil {
			return Entry{}, fmt.Errorf("read detail of audit record %s: %w", r.id, err)
		}
	}
	return e, nil
}
