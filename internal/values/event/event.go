// Package event lists the facts that rooms of the bank tell each other, in the past tense, one file per domain.
//
// A *fact* is a struct with a type name and a version: TransferSettled is "payment.transfer_settled", version 1. The room
// that publishes it makes an envelope with New inside its transaction, package platform/bus carries the envelope, and
// a consumer gets the typed fact back:
//
//	e := event.New(tx.Now(), event.Header{Subject: string(t.ID), Sequence: t.Sequence, BusinessDate: day, Trace: by.Trace},
//		event.TransferSettled{Transfer: t.ID, ...})
//	err := bus.Publish(ctx, tx, []bus.Event{e})
//
//	err := bus.Subscribe(event.Consumer("notify",
//		event.On(func(ctx context.Context, tx *db.Tx, e bus.Event, f event.TransferSettled) error { ... }),
//		event.On(func(ctx context.Context, tx *db.Tx, e bus.Event, f event.TransferRefused) error { ... })))
//
// The bus stands below the bank's values and must not know them, so it carries bus.Event, an envelope in plain types
// around JSON; everything typed is here. Rooms never write an envelope by hand.
//
// Facts hold ids, codes, amounts and times. They hold no personal data: no names, numbers of documents or phones,
// addresses or free text. Whoever needs those reads them by id, and is recorded doing so.
//
// A fact that has been released changes only by new fields, which old consumers pass over. Anything else is a new
// version under the same type, published beside the old one for as long as it is read; testdata/golden.json fails on a
// breaking change.
package event

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/id"
)

// ErrUnexpected says that an envelope holds another fact, or a newer version of it, than the consumer reads.
var ErrUnexpected = fault.New(fault.Internal, "event.unexpected")

// Fact is one of the facts of this package.
type Fact interface {
	// kind is the type's name and the version of its shape.
	kind() (name string, version int)
}

// Header is what an envelope says about a fact.
type Header struct {
	Subject      string     // id of what the fact is about
	Sequence     int64      // counts the subject's facts; 0 when they have no order
	BusinessDate clock.Date // zero for facts that do not belong to a business day
	Trace        string     // to find the logs
}

// New puts a fact into its envelope. The instant is the transaction's. A fact that cannot be written, because an amount
// in it has no currency, gets an envelope without data, which bus.Publish refuses with bus.ErrEvent.
func New(now time.Time, h Header, f Fact) bus.Event {
	name, version := f.kind()
	data, err := json.Marshal(f)
	if err != nil {
		data = nil
	}
	return bus.Event{
		ID: string(id.New[id.Event](now)), Type: name, Version: version, Subject: h.Subject, Sequence: h.Sequence,
		BusinessDate: h.BusinessDate, At: now, Trace: h.Trace, Data: data,
	}
}

// Type is the name of a fact's type: Type[TransferSettled]() is "payment.transfer_settled".
func Type[F Fact]() string {
	var f F
	name, _ := f.kind()
	return name
}

// Open takes a fact out of its envelope; ErrUnexpected when it holds something else.
func Open[F Fact](e bus.Event) (F, error) {
	var f F
	name, version := f.kind()
	if e.Type != name || e.Version != version {
		return f, ErrUnexpected.Because(fmt.Errorf("%s version %d, not %s version %d", e.Type, e.Version, name, version))
	}
	if err := json.Unmarshal(e.Data, &f); err != nil {
		return f, fmt.Errorf("read %s %s: %w", e.Type, e.ID, err)
	}
	return f, nil
}

// Reaction is what a consumer does when one kind of fact arrives. Make it with On.
type Reaction struct {
	name    string
	version int
	handle  func(ctx context.Context, tx *db.Tx, e bus.Event) error
}

// On makes a reaction to facts of type F. What handle must keep to is said at bus.Consumer.
func On[F Fact](handle func(ctx context.Context, tx *db.Tx, e bus.Event, f F) error) Reaction {
	var zero F
	name, version := zero.kind()
	return Reaction{name, version, func(ctx context.Context, tx *db.Tx, e bus.Event) error {
		f, err := Open[F](e)
		if err != nil {
			return err
		}
		return handle(ctx, tx, e, f)
	}}
}

// Consumer makes a durable consumer that has one reaction for each kind of fact that it wants. A version that it has
// no reaction to is passed over: the publisher sends the version that it has beside it.
func Consumer(name string, reactions ...Reaction) bus.Consumer {
	type key struct {
		name    string
		version int
	}
	byKind := make(map[key]Reaction, len(reactions))
	var types []string
	for _, r := range reactions {
		byKind[key{r.name, r.version}] = r
		if !slices.Contains(types, r.name) { // two versions of one type
			types = append(types, r.name)
		}
	}
	return bus.Consumer{Name: name, Types: types, Handle: func(ctx context.Context, tx *db.Tx, e bus.Event) error {
		if r, wanted := byKind[key{e.Type, e.Version}]; wanted {
			return r.handle(ctx, tx, e)
		}
		return nil
	}}
}

// Facts lists one of each fact, for the catalogue in the docs and for tests.
func Facts() []Fact {
	return []Fact{
		CustomerRegistered{}, CustomerVerified{}, CustomerFrozen{}, CustomerThawed{}, CustomerRenamed{}, CustomerClosed{}, ConsentChanged{},
		SignedIn{}, SignInRefused{}, FactorChanged{}, FactorLocked{}, SessionsEnded{},
		AccountOpened{}, AccountFrozen{}, AccountThawed{}, AccountClosed{},
		InterestPaid{}, DepositOpened{}, DepositDrawn{}, DepositMatured{}, DepositSold{}, InstalmentMissed{}, AccountDormant{},
		TransferSettled{}, TransferHeld{}, TransferDelayed{}, TransferRefused{}, TransferCancelled{}, TransferReversed{},
		ApprovalRequested{}, ApprovalEnded{}, CashMoved{}, CurrencyExchanged{},
	}
}
