package auth

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
)

// ErrStrangerTries says that there were too many attempts to be recognised without a session; the wait is told. It is
// said of a number that nobody bears as of a customer's.
var ErrStrangerTries = fault.New(fault.Busy, "auth.stranger_tries")

// CountStranger counts one attempt of somebody who is not signed in to be recognised as the person of an ID number: from
// one network, for this number from that network, and for this number from anywhere. It counts before anything is looked
// up, so that it says the same of everybody; and apart from the attempts that a person makes himself, so that strangers do
// not use those up. Error: ErrStrangerTries.
func (s *Service) CountStranger(ctx context.Context, by act.By, number string) error {
	return s.write(ctx, func(tx *db.Tx) error {
		r := reading{ctx: ctx, rules: s.rules, on: s.days.Date(tx.Now())}
		fromNetwork, ofNumber, ofBoth := r.figure("auth.stranger.hourly_network_count"),
			r.figure("auth.stranger.daily_number_count"), r.figure("auth.stranger.daily_number_network_count")
		if r.err != nil {
			return r.err
		}
		const day = 24 * time.Hour
		net := network(by.Address)
		refused, err := s.use(ctx, tx, []tally{
			{kind: "stranger.network", id: s.counterID("stranger.network", net), limit: fromNetwork, window: time.Hour},
			{kind: "stranger.number", id: s.counterID("stranger.number", number), limit: ofNumber, window: day},
			{kind: "stranger.both", id: s.counterID("stranger.both", number, net), limit: ofBoth, window: day},
		})
		if err != nil || refused.wait == 0 {
			return err
		}
		return s.refuse(ctx, tx, entry{
			by: by, act: "auth.stranger.recognise", refusal: ErrStrangerTries.Wait(refused.wait), detail: map[string]string{"counter": refused.kind},
		})
	})
}

// ReplaceLostPhone gives somebody who has neither phone nor session a new phone number: the one whose code of purpose
// CodeLostPhone the re-verification carries. All sessions end, all devices become unknown, because the lost one is among
// them, and the contacts as they were are told. Errors: ErrReverified, ErrCodeUsed, ErrContactTaken.
func (s *Service) ReplaceLostPhone(ctx context.Context, by act.By, c Client, r Reverified) error {
	if by.Session != "" || r.Code.purpose != CodeLostPhone {
		return ErrReverified
	}
	return s.write(ctx, func(tx *db.Tx) error {
		e := Evidence{Reverified: r}
		who, err := s.allow(ctx, tx, by, e, PurposePhone)
		if err != nil {
			return err
		}
		old, err := s.Contacts(ctx, tx, who)
		if err != nil {
			return err
		}
		if err := s.setContact(ctx, tx, who, r.Code.contact); err != nil {
			return err
		}
		if err := unbindDevices(ctx, tx, who); err != nil {
			return fmt.Errorf("unbind devices of %s: %w", who, err)
		}
		return s.changed(ctx, tx, by, c, change{who: who, factor: "phone_changed", evidence: e, old: old})
	})
}

// opens reports whether a code opens the way for a re-verification to change a factor: the contact's own for whichever
// factor, and the one that went to a new phone only for the phone.
func (v Verified) opens(who Principal, factor Purpose) bool {
	switch v.purpose {
	case CodePasswordReset:
		return v.principal == who
	case CodeLostPhone:
		return v.principal == "" && factor == PurposePhone
	}
	return false
}

// lostPhone is where the code goes to whoever says that his phone is lost: to a new one, which must be nobody's.
func (s *Service) lostPhone(ctx context.Context, tx *db.Tx, to Contact) (destination, error) {
	if to.Kind != Phone {
		return destination{}, ErrPhone
	}
	holder, found, err := s.Find(ctx, tx, to)
	if err != nil {
		return destination{}, err
	}
	d := destination{contact: to, principal: holder, void: found}
	if found {
		d.template = templateHaveAccount
	}
	return d, nil
}
