package access

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/records/audit"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// ActTakeFile is a list that a member of staff took out of the bank as a file, in the audit log.
const ActTakeFile = "access.take_file"

// Taken says who took a file out of the bank, when, and under which audit record: the file bears it.
type Taken struct {
	Staff  Staff
	At     time.Time
	Record id.Audit
}

// TakeFile keeps that who acts takes a list out of the bank. Detail has its form and filters: ids and codes.
func (s *Service) TakeFile(ctx context.Context, by act.By, list string, detail map[string]string) (Taken, error) {
	who, err := s.Find(ctx, Scope{Path: "/"}, id.Staff(by.Actor))
	if err != nil {
		return Taken{}, err
	}
	t := Taken{Staff: who}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		t.At, t.Record = tx.Now(), id.New[id.Audit](tx.Now())
		return s.Audit.Append(ctx, tx, []audit.Record{{ID: t.Record, By: by, Act: ActTakeFile, Subject: list, Outcome: audit.Done, Detail: detail}})
	})
	if err != nil {
		return Taken{}, fmt.Errorf("keep that %s was taken: %w", list, err)
	}
	return t, nil
}
