package access

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/values/act"
)

// The ways in which a branch is refused.
var (
	// ErrBranch says that there is no such branch, or that it is closed.
	ErrBranch = fault.New(fault.NotFound, "access.unknown_branch")
	// ErrBranchCode wants four to six digits.
	ErrBranchCode = fault.New(fault.Invalid, "access.bad_branch_code")
	// ErrBranchName wants a name.
	ErrBranchName = fault.New(fault.Invalid, "access.bad_branch_name")
	// ErrBranchTaken says that another branch has this code.
	ErrBranchTaken = fault.New(fault.Conflict, "access.branch_taken")
)

const branchNameMost = 60 // characters

var branchCode = regexp.MustCompile(`^[0-9]{4,6}$`)

// Branch is a place of the bank. It stays where it is in the tree: a bank that is reorganised opens branches anew.
type Branch struct {
	Code     string
	Parent   string // code; empty for the head office
	Path     string // codes from the head office down: /0001/0200/
	Name     string
	MadeAt   time.Time
	ClosedAt time.Time // zero while it is open
}

// NewBranch is a branch to be opened.
type NewBranch struct{ Code, Parent, Name string }

// OpenBranch opens a branch below another. Errors: ErrBranchCode, ErrBranchName, ErrBranch, ErrBranchTaken.
func (s *Service) OpenBranch(ctx context.Context, by act.By, n NewBranch) (Branch, error) {
	n.Name = strings.TrimSpace(n.Name)
	switch {
	case !branchCode.MatchString(n.Code):
		return Branch{}, ErrBranchCode.At("/code")
	case n.Name == "" || utf8.RuneCountInString(n.Name) > branchNameMost:
		return Branch{}, ErrBranchName.At("/name")
	}
	var opened Branch
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		parent, found, err := findBranch(ctx, tx, n.Parent)
		if err != nil {
			return fmt.Errorf("read branch: %w", err)
		}
		if !found || !parent.ClosedAt.IsZero() {
			return ErrBranch.At("/parent")
		}
		opened = Branch{Code: n.Code, Parent: parent.Code, Path: parent.Path + n.Code + "/", Name: n.Name, MadeAt: tx.Now()}
		if err := insertBranch(ctx, tx, opened); db.IsUnique(err) {
			return ErrBranchTaken.At("/code")
		} else if err != nil {
			return fmt.Errorf("keep branch: %w", err)
		}
		tx.AfterCommit(s.seen.forgetAll)
		return s.record(ctx, tx, by, note{act: string(ActionOpenBranch), subject: n.Code, detail: map[string]string{"parent": n.Parent}})
	})
	return opened, err
}

// Begin opens the head office of a new bank; in one that has it, it does nothing.
func (s *Service) Begin(ctx context.Context, name string) error {
	return s.DB.Write(ctx, func(tx *db.Tx) error {
		_, found, err := findBranch(ctx, tx, act.HeadOffice)
		if err != nil || found {
			return err
		}
		tx.AfterCommit(s.seen.forgetAll)
		return insertBranch(ctx, tx, Branch{Code: act.HeadOffice, Path: "/" + act.HeadOffice + "/", Name: name, MadeAt: tx.Now()})
	})
}

// Branches are those that a scope reaches, each after the one above it.
func (s *Service) Branches(ctx context.Context, in Scope) ([]Branch, error) {
	tree, err := s.tree(ctx)
	if err != nil {
		return nil, err
	}
	var all []Branch
	for b := range maps.Values(tree) {
		if in.Reaches(b.Path) {
			all = append(all, b)
		}
	}
	slices.SortFunc(all, func(a, b Branch) int { return cmp.Compare(a.Path, b.Path) })
	return all, nil
}

// BranchPath is the path of an open branch. Error: ErrBranch.
func (s *Service) BranchPath(ctx context.Context, code string) (string, error) {
	tree, err := s.tree(ctx)
	if err != nil {
		return "", err
	}
	b, found := tree[code]
	if !found || !b.ClosedAt.IsZero() {
		return "", ErrBranch
	}
	return b.Path, nil
}
