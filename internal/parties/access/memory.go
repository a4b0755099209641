package access

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

const (
	rememberFor = 5 * time.Second // how long a change on another node may stay unseen here
	rememberMax = 20_000          // members of staff
)

// member is all that a decision needs to know of somebody.
type member struct {
	id     id.Staff
	state  State
	branch string
	path   string
	person string // keyed hash of the ID number
	roles  []holding
	ties   []Tie
}

// holding is a role at a branch.
type holding struct {
	role        Role
	path        string
	first, last clock.Date
}

// rolesOn are the holdings of a day.
func (m *member) rolesOn(day clock.Date) []holding {
	var all []holding
	for _, h := range m.roles {
		if !day.Before(h.first) && (h.last.IsZero() || !day.After(h.last)) {
			all = append(all, h)
		}
	}
	return all
}

// rolesAt are the roles that reach a branch; any branch when the path is empty.
func (m *member) rolesAt(day clock.Date, path string) []Role {
	var all []Role
	for _, h := range m.rolesOn(day) {
		if (path == "" || (Scope{Path: h.path}).Reaches(path)) && !slices.Contains(all, h.role) {
			all = append(all, h.role)
		}
	}
	return all
}

// memory remembers staff and branches that were just read.
type memory struct {
	mu       sync.Mutex
	members  map[id.Staff]remembered
	branches map[string]Branch
	until    time.Time // of branches
	epoch    uint64    // how often something was forgotten: what was read before that is not remembered after it
}

type remembered struct {
	member *member
	until  time.Time
}

func newMemory() *memory { return &memory{members: make(map[id.Staff]remembered)} }

func (m *memory) member(who id.Staff, now time.Time) (*member, uint64, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	r, found := m.members[who]
	return r.member, m.epoch, found && now.Before(r.until)
}

func (m *memory) keepMember(x *member, now time.Time, epoch uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if epoch != m.epoch {
		return
	}
	if len(m.members) >= rememberMax {
		clear(m.members)
	}
	m.members[x.id] = remembered{x, now.Add(rememberFor)}
}

func (m *memory) tree(now time.Time) (map[string]Branch, uint64, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.branches, m.epoch, now.Before(m.until)
}

func (m *memory) keepTree(tree map[string]Branch, now time.Time, epoch uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if epoch == m.epoch {
		m.branches, m.until = tree, now.Add(rememberFor)
	}
}

// forgetAll is for after a commit that changed staff or branches: rare enough to forget everybody.
func (m *memory) forgetAll() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.epoch++
	clear(m.members)
	m.until = time.Time{}
}

// member reads somebody; the answer may be a few seconds old. Error: ErrUnknown.
func (s *Service) member(ctx context.Context, who id.Staff) (*member, error) {
	now := s.Clock.Now()
	m, epoch, found := s.seen.member(who, now)
	if found {
		return m, nil
	}
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		row, found, err := findStaff(ctx, tx, who)
		if err != nil {
			return err
		}
		if !found {
			return ErrUnknown
		}
		m = &member{id: row.ID, state: row.State, branch: row.Branch, path: row.path, person: string(row.person)}
		if m.roles, err = listHoldings(ctx, tx, who); err != nil {
			return err
		}
		m.ties, err = listTies(ctx, tx, who)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read staff: %w", err)
	}
	s.seen.keepMember(m, now, epoch)
	return m, nil
}

// tree is all branches by code; it may be a few seconds old.
func (s *Service) tree(ctx context.Context) (map[string]Branch, error) {
	now := s.Clock.Now()
	tree, epoch, found := s.seen.tree(now)
	if found {
		return tree, nil
	}
	tree = make(map[string]Branch)
	err := s.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := listBranches(ctx, tx)
		for _, b := range all {
			tree[b.Code] = b
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read branches: %w", err)
	}
	s.seen.keepTree(tree, now, epoch)
	return tree, nil
}
