package insight

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

// exported is the shape of insight.json in a person's copy of his data. His statements are papers that he has; the copy
// names them.
type exported struct {
	Statements  []exportedStatement  `json:"statements"`
	Corrections []exportedCorrection `json:"corrections"`
	Budgets     []exportedBudget     `json:"budgets"`
}

type exportedStatement struct {
	ID     id.Statement `json:"id"`
	Month  string       `json:"month"`
	MadeAt time.Time    `json:"madeAt"`
	Totals []Totals     `json:"totals"`
}

type exportedCorrection struct {
	Scope    Scope    `json:"scope"`
	Subject  string   `json:"subject,omitempty"` // a transaction; of another party nothing is told
	Category Category `json:"category"`
}

type exportedBudget struct {
	Category Category `json:"category"`
	Amount   string   `json:"amount"`
	Currency string   `json:"currency"`
}

// Export is everything about a person in this room (PIPL art. 45): the service is a customer.Exporter.
func (s *Service) Export(ctx context.Context, tx *db.Tx, owner id.Customer) (name string, data any, err error) {
	out := exported{Statements: []exportedStatement{}, Corrections: []exportedCorrection{}, Budgets: []exportedBudget{}}
	rows, err := statementsOf(ctx, tx, owner, afterAll, exportMost)
	if err != nil {
		return "", nil, fmt.Errorf("export statements: %w", err)
	}
	for _, row := range rows {
		k, err := s.open(ctx, tx, row)
		if err != nil {
			return "", nil, err
		}
		out.Statements = append(out.Statements, exportedStatement{k.ID, k.Month.String(), k.MadeAt, k.Totals})
	}
	said, err := correctionsOf(ctx, tx, owner)
	if err != nil {
		return "", nil, fmt.Errorf("export corrections: %w", err)
	}
	for about, c := range said {
		e := exportedCorrection{Scope: about.scope, Category: c}
		if about.scope == One {
			e.Subject = about.subject
		}
		out.Corrections = append(out.Corrections, e)
	}
	budgets, err := budgetsOf(ctx, tx, owner)
	if err != nil {
		return "", nil, fmt.Errorf("export budgets: %w", err)
	}
	for _, b := range budgets {
		out.Budgets = append(out.Budgets, exportedBudget{b.Category, b.Amount.String(), b.Amount.Currency().Code()})
	}
	return "insight", out, nil
}

// exportMost is the most statements of one copy: fifty years.
const exportMost = 600

// Erase removes a person's statements with their papers, what he said about his money, and what was said to him about it.
func (s *Service) Erase(ctx context.Context, tx *db.Tx, owner id.Customer) error {
	rows, err := statementsOf(ctx, tx, owner, afterAll, exportMost)
	if err != nil {
		return fmt.Errorf("erase statements of %s: %w", owner, err)
	}
	for _, row := range rows {
		for _, paper := range []string{row.pdf, row.csv} {
			if err := s.Blobs.Delete(ctx, tx, string(owner), paper); err != nil {
				return fmt.Errorf("erase a paper of %s: %w", owner, err)
			}
		}
	}
	if err := eraseCustomer(ctx, tx, owner); err != nil {
		return fmt.Errorf("erase insight of %s: %w", owner, err)
	}
	return nil
}
