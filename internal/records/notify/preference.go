package notify

import (
	"context"
	"fmt"
	"slices"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// Preference is what reaches a customer where.
type Preference struct {
	Category Category
	Channel  Channel
	On       bool
	Fixed    bool // cannot be chosen
}

// standard is what holds until a customer chooses.
func standard(c Category, ch Channel) Preference {
	p := Preference{Category: c, Channel: ch}
	switch c {
	case CategorySecurity: // whoever took over an account must not be able to silence it
		p.On, p.Fixed = true, true
	case CategoryTransaction:
		p.On, p.Fixed = ch != Mail, ch == Inbox
	case CategoryService:
		p.On, p.Fixed = ch != SMS, ch == Inbox
	case CategoryMarketing: // consent first: 个人信息保护法 arts 13, 24
	}
	return p
}

// choice is one category on one channel.
type choice struct {
	category Category
	channel  Channel
}

// choices are what customers chose, where it differs from the standard.
type choices map[id.Customer]map[choice]bool

func (all choices) wants(customer id.Customer, c Category, ch Channel) bool {
	p := standard(c, ch)
	if chosen, made := all[customer][choice{c, ch}]; made && !p.Fixed {
		return chosen
	}
	return p.On
}

// Preferences are a customer's choices: every category on every channel.
func (s *Service) Preferences(ctx context.Context, customer id.Customer) ([]Preference, error) {
	var made choices
	err := s.parts.DB.Read(ctx, func(tx *db.Tx) (err error) {
		made, err = readChoices(ctx, tx, []id.Customer{customer})
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read notification preferences: %w", err)
	}
	var all []Preference
	for _, c := range Categories() {
		for _, ch := range Channels() {
			p := standard(c, ch)
			p.On = made.wants(customer, c, ch)
			all = append(all, p)
		}
	}
	return all, nil
}

// SetPreferences keeps choices of the customer whose act it is; others stay. ErrChoice for what does not exist,
// ErrFixed for switching off what must reach him.
func (s *Service) SetPreferences(ctx context.Context, by act.By, changes []Preference) error {
	for _, p := range changes {
		if !slices.Contains(Categories(), p.Category) || !slices.Contains(Channels(), p.Channel) {
			return ErrChoice
		}
		if fixed := standard(p.Category, p.Channel); fixed.Fixed && fixed.On != p.On {
			return ErrFixed
		}
	}
	err := s.parts.DB.Write(ctx, func(tx *db.Tx) error {
		detail := make(map[string]string, len(changes))
		for _, p := range changes {
			if err := saveChoice(ctx, tx, by.Customer(), p); err != nil {
				return err
			}
			detail[string(p.Category)+"."+string(p.Channel)] = fmt.Sprint(p.On)
		}
		return s.parts.Audit.Append(ctx, tx, []audit.Record{{
			By: by, Act: "notify.choose", Subject: string(by.Customer()), Outcome: audit.Done, Detail: detail,
		}})
	})
	if err != nil {
		return fmt.Errorf("keep notification preferences: %w", err)
	}
	return nil
}
