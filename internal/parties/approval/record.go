package approval

import (
	"context"
	"fmt"
	"strconv"

	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/event"
	"github.com/tongbao/tongbao/internal/values/id"
)

// record keeps an act of this room, done or refused.
func (s *Service) record(ctx context.Context, tx *db.Tx, by act.By, r Request, what string, refused error) error {
	detail := map[string]string{
		"kind": r.Kind, "subject": r.Subject, "requester": string(r.Requester), "step": strconv.Itoa(r.Step), "state": string(r.State), "hash": r.Hash,
	}
	for i, t := range r.Taken {
		n := strconv.Itoa(i)
		detail["approver"+n] = string(t.Staff)
		if t.InPlaceOf != "" {
			detail["in_place_of"+n] = string(t.InPlaceOf)
		}
	}
	one := audit.Record{By: by.Because(""), Act: what, Subject: string(r.ID), Customer: r.Customer, Outcome: audit.Done, Detail: detail}
	if refused != nil {
		one.Outcome, one.Code = audit.Refused, fault.CodeOf(refused)
	}
	if err := s.Audit.Append(ctx, tx, []audit.Record{one}); err != nil {
		return fmt.Errorf("record %s: %w", what, err)
	}
	return nil
}

// executed keeps that the act was done with leave, beside the record that the act's own room keeps.
func (s *Service) executed(ctx context.Context, tx *db.Tx, by act.By, r Request) error {
	return s.record(ctx, tx, by, r, actExecute, nil)
}

func (s *Service) publish(ctx context.Context, tx *db.Tx, by act.By, r Request, f event.Fact) error {
	h := event.Header{Subject: string(r.ID), BusinessDate: s.Days.Date(tx.Now()), Trace: by.Trace}
	if err := s.Events.Publish(ctx, tx, []bus.Event{event.New(tx.Now(), h, f)}); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	return nil
}

// expire ends a request whose time is over.
func (s *Service) expire(ctx context.Context, tx *db.Tx, by act.By, r *Request) error {
	r.end(Expired, "", tx.Now())
	if err := s.record(ctx, tx, by, *r, actExpire, nil); err != nil {
		return err
	}
	return s.conclude(ctx, tx, by, *r)
}

const expiryBatch = 100

// Expire ends the requests whose time is over, and says how many. A job runs it every few minutes.
func (s *Service) Expire(ctx context.Context) (int, error) {
	total := 0
	for {
		n, err := s.expireSome(ctx)
		total += n
		if err != nil || n < expiryBatch {
			return total, err
		}
	}
}

func (s *Service) expireSome(ctx context.Context) (int, error) {
	n := 0
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		overdue, err := lockOverdue(ctx, tx, expiryBatch)
		if err != nil {
			return err
		}
		n = len(overdue)
		for i := range overdue {
			if err := s.expire(ctx, tx, act.Job(actExpire), &overdue[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("expire requests: %w", err)
	}
	return n, nil
}

// Export is what the room keeps about a customer: the requests about him, as he may read them.
func (s *Service) Export(ctx context.Context, tx *db.Tx, who id.Customer) (name string, data any, err error) {
	rows, err := listAbout(ctx, tx, who, pageMost)
	if err != nil {
		return "", nil, fmt.Errorf("export requests: %w", err)
	}
	type exported struct {
		Kind   string  `json:"kind"`
		State  State   `json:"state"`
		MadeAt string  `json:"madeAt"`
		Fields []Field `json:"fields"`
	}
	all := make([]exported, len(rows))
	for i := range rows {
		if err := s.show(ctx, tx, &rows[i]); err != nil {
			return "", nil, err
		}
		all[i] = exported{rows[i].Kind, rows[i].State, rows[i].MadeAt.UTC().Format("2006-01-02T15:04:05Z"), rows[i].Fields}
	}
	return "approvals", all, nil
}

// Erase has nothing to do: what requests say is sealed under the person's own key.
func (s *Service) Erase(context.Context, *db.Tx, id.Customer) error { return nil }
