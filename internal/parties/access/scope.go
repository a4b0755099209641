package access

import (
	"cmp"
	"context"
	"errors"
	"strings"

	"github.com/tongbao/tongbao/internal/values/id"
)

// Scope is the part of the bank in which somebody may do something, and what for. The zero scope reaches nothing.
type Scope struct {
	Path    string // of the branch that it begins at: it reaches this branch and all below it
	Purpose Purpose
}

// Range bounds the paths that a scope reaches, for SQL: from <= branch_path AND branch_path < to. A path ends with a
// stroke, and what follows the stroke in the alphabet is the digit 0.
func (s Scope) Range() (from, to string) {
	if !strings.HasSuffix(s.Path, "/") {
		return "", ""
	}
	return s.Path, strings.TrimSuffix(s.Path, "/") + "0"
}

// Reaches reports whether a branch lies in the scope.
func (s Scope) Reaches(path string) bool { return s.Path != "" && strings.HasPrefix(path, s.Path) }

// Reach asks where somebody may do something.
type Reach struct {
	Staff      id.Staff
	Permission Permission
	Purpose    Purpose
	Branch     string // only at this branch and below; empty: as far as it goes
}

// Scope is where somebody may do something: at the branch that is asked for or, when none is, at the highest branch
// where one of his roles allows it, his own first among equals. Errors: ErrDenied, ErrBranch.
func (s *Service) Scope(ctx context.Context, r Reach) (Scope, error) {
	who, err := s.member(ctx, r.Staff)
	if err != nil {
		return Scope{}, err
	}
	tree, err := s.tree(ctx)
	if err != nil {
		return Scope{}, err
	}
	q := Question{Staff: r.Staff, Permission: r.Permission, Purpose: r.Purpose}
	want := ""
	if r.Branch != "" {
		b, found := tree[r.Branch]
		if !found {
			return Scope{}, ErrBranch
		}
		want = b.Path
	}
	best := ""
	for _, h := range who.rolesOn(s.Days.Date(s.Clock.Now())) {
		reaches := strings.HasPrefix(want, h.path)
		if want != "" && !reaches || want == "" && !wider(h.path, best, who.path) {
			continue
		}
		d, err := s.decide(ctx, who, q, []Role{h.role})
		if err != nil {
			return Scope{}, err
		}
		if d.Allowed {
			best = cmp.Or(want, h.path)
		}
	}
	if best == "" {
		return Scope{}, ErrDenied
	}
	return Scope{Path: best, Purpose: r.Purpose}, nil
}

// wider reports whether a branch stands higher than another or, at the same height, is one's own.
func wider(path, than, own string) bool {
	return than == "" || depth(path) < depth(than) || depth(path) == depth(than) && path == own
}

func depth(path string) int { return strings.Count(path, "/") }

// Granted is a permission that somebody has today, and the highest branch where it holds.
type Granted struct {
	Permission Permission
	Purpose    Purpose
	Branch     string
}

// Granted is all that somebody's roles of today allow, for the console to draw itself. What it shows is decided again
// when it is used.
func (s *Service) Granted(ctx context.Context, who id.Staff) ([]Granted, error) {
	tree, err := s.tree(ctx)
	if err != nil {
		return nil, err
	}
	code := make(map[string]string, len(tree))
	for _, b := range tree {
		code[b.Path] = b.Code
	}
	var all []Granted
	for _, permission := range s.policies.permissions() {
		for _, purpose := range Purposes() {
			in, err := s.Scope(ctx, Reach{Staff: who, Permission: permission, Purpose: purpose})
			if errors.Is(err, ErrDenied) {
				continue
			}
			if err != nil {
				return nil, err
			}
			all = append(all, Granted{permission, purpose, code[in.Path]})
		}
	}
	return all, nil
}
