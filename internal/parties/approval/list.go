package approval

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/vault"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

const (
	pageMost = 100 // requests of a page
	scanMost = 10  // pages that are read to fill one with what somebody may decide
)

// Find is a request with its decisions, for who asked, who may decide it and who has. Others: ErrNotFound, unless the
// caller may see all, which the route decides.
func (s *Service) Find(ctx context.Context, by act.By, request id.Approval, all bool) (Request, error) {
	var r Request
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		var found bool
		var err error
		if r, found, err = findRequest(ctx, tx, request, false); err != nil {
			return err
		}
		if !found {
			return ErrNotFound
		}
		if r.Taken, err = decisions(ctx, tx, request); err != nil {
			return err
		}
		if !all && !s.concerns(ctx, tx, id.Staff(by.Actor), r) {
			return ErrNotFound
		}
		return s.show(ctx, tx, &r)
	})
	if err != nil {
		return Request{}, err
	}
	return r, nil
}

// concerns says whether a request is somebody's to read.
func (s *Service) concerns(ctx context.Context, tx *db.Tx, staff id.Staff, r Request) bool {
	took := func(t Taken) bool { return t.Staff == staff || t.InPlaceOf == staff }
	if r.Requester == staff || slices.ContainsFunc(r.Taken, took) {
		return true
	}
	if r.State != Waiting {
		return false
	}
	_, err := s.decider(ctx, tx, staff, r, r.Taken)
	return err == nil
}

// show opens what a request says, as far as it can still be read: after an erasure the frame is left.
func (s *Service) show(ctx context.Context, tx *db.Tx, r *Request) error {
	err := s.unseal(ctx, tx, r)
	if errors.Is(err, vault.ErrDestroyed) {
		return nil
	}
	if err != nil {
		return err
	}
	for i := range r.Taken {
		t := &r.Taken[i]
		if len(t.sealed) == 0 {
			continue
		}
		plain, err := s.Vault.Open(ctx, tx, r.owner(), sealedIn("decision", "reason", t.row(r.ID)), t.sealed)
		if err != nil {
			return err
		}
		t.Reason = string(plain)
	}
	return nil
}

// Todo are the requests that wait for the caller, for himself or as a deputy, the oldest first, after one (none: from the
// oldest). The cursor of the next page is the last one looked at; it is empty at the end.
func (s *Service) Todo(ctx context.Context, by act.By, after id.Approval, limit int) (all []Request, next id.Approval, err error) {
	limit = page(limit)
	err = s.DB.Read(ctx, func(tx *db.Tx) error {
		all, next = nil, after
		roles, err := s.rolesOf(ctx, tx, id.Staff(by.Actor))
		if err != nil {
			return err
		}
		for range scanMost {
			rows, err := listWaiting(ctx, tx, roles, next, limit)
			if err != nil {
				return err
			}
			for _, r := range rows {
				next = r.ID
				mine, err := s.mine(ctx, tx, id.Staff(by.Actor), &r)
				if err != nil {
					return err
				}
				if mine {
					all = append(all, r)
				}
				if len(all) == limit {
					return nil
				}
			}
			if len(rows) < limit {
				next = ""
				return nil
			}
		}
		return nil
	})
	if err != nil {
		return nil, "", fmt.Errorf("list what waits: %w", err)
	}
	return all, next, nil
}

// mine says whether a request waits for somebody, and opens it.
func (s *Service) mine(ctx context.Context, tx *db.Tx, staff id.Staff, r *Request) (bool, error) {
	if !tx.Now().Before(r.ExpiresAt) {
		return false, nil
	}
	taken, err := decisions(ctx, tx, r.ID)
	if err != nil {
		return false, err
	}
	if _, err := s.decider(ctx, tx, staff, *r, taken); err != nil {
		if fault.KindOf(err) == fault.Internal {
			return false, err
		}
		return false, nil
	}
	r.Taken = taken
	return true, s.show(ctx, tx, r)
}

// rolesOf are the roles that somebody can decide in: his own and those of whom he stands for today.
func (s *Service) rolesOf(ctx context.Context, tx *db.Tx, staff id.Staff) ([]string, error) {
	absent, err := absentees(ctx, tx, staff, s.Days.Date(tx.Now()))
	if err != nil {
		return nil, err
	}
	var roles []string
	for _, who := range append([]id.Staff{staff}, absent...) {
		m, err := s.Staff.Member(ctx, tx, who, "")
		if err != nil {
			return nil, err
		}
		if m.Active {
			roles = append(roles, m.Roles...)
		}
	}
	slices.Sort(roles)
	return slices.Compact(roles), nil
}

// Mine are the requests of the caller, the newest first, before one (none: from the newest).
func (s *Service) Mine(ctx context.Context, by act.By, before id.Approval, limit int) ([]Request, error) {
	return s.list(ctx, func(tx *db.Tx) ([]Request, error) {
		return listOfRequester(ctx, tx, id.Staff(by.Actor), before, page(limit))
	})
}

// Query asks for a page of all requests.
type Query struct {
	State  State  // any when empty
	Kind   string // any when empty
	Branch string // any when empty
	Before id.Approval
	Limit  int
}

// List is a page of all requests, the newest first. What they say is for those whom they concern, or who may see all.
func (s *Service) List(ctx context.Context, q Query) ([]Request, error) {
	q.Limit = page(q.Limit)
	return s.list(ctx, func(tx *db.Tx) ([]Request, error) { return listRequests(ctx, tx, q) })
}

func (s *Service) list(ctx context.Context, rows func(tx *db.Tx) ([]Request, error)) ([]Request, error) {
	var all []Request
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		if all, err = rows(tx); err != nil {
			return err
		}
		for i := range all {
			if err := s.show(ctx, tx, &all[i]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("list requests: %w", err)
	}
	return all, nil
}

// About are the newest requests about a customer, without what they say: that is for those whom they concern.
func (s *Service) About(ctx context.Context, who id.Customer, limit int) ([]Request, error) {
	var all []Request
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		all, err = listAbout(ctx, tx, who, page(limit))
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list requests about a customer: %w", err)
	}
	return all, nil
}

// Seen notes that the requester has seen how his requests ended.
func (s *Service) Seen(ctx context.Context, by act.By) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error { return markSeen(ctx, tx, id.Staff(by.Actor)) })
}

// Unseen counts the caller's requests that ended since he last looked.
func (s *Service) Unseen(ctx context.Context, by act.By) (int64, error) {
	var n int64
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		n, err = countUnseen(ctx, tx, id.Staff(by.Actor))
		return err
	})
	return n, err
}

func page(limit int) int {
	if limit <= 0 || limit > pageMost {
		return pageMost
	}
	return limit
}

// Tally is how many requests of a kind ended in a way.
type Tally struct {
	Kind     string
	State    State
	Requests int64
}

// Tallies counts the requests that ended from an instant on and before another.
func (s *Service) Tallies(ctx context.Context, tx *db.Tx, from, to time.Time) ([]Tally, error) {
	all, err := tallyEnded(ctx, tx, from, to)
	if err != nil {
		return nil, fmt.Errorf("count requests: %w", err)
	}
	return all, nil
}
