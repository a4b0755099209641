package audit

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/db"
)

func counts(ctx context.Context, tx *db.Tx, s Span) ([]Count, error) {
	const q = `
		SELECT kind, channel, act, outcome, code, count(*)
		  FROM audit_record
		 WHERE id >= $1 AND id < $2
		 GROUP BY kind, channel, act, outcome, code
		 ORDER BY act, kind, channel, outcome, code
		 LIMIT $3`
	from, to := s.ids()
	return db.List(ctx, tx, func(r db.Row) (c Count, err error) {
		err = r.Scan(&c.Kind, &c.Channel, &c.Act, &c.Outcome, &c.Code, &c.Records)
		return c, err
	}, q, from, to, countsMost)
}

func staffCounts(ctx context.Context, tx *db.Tx, s Span, interest string, most int) (all []StaffCount, people int64, err error) {
	const number = `SELECT count(DISTINCT actor) FROM audit_record WHERE id >= $1 AND id < $2 AND kind = 'staff'`
	const q = `
		SELECT actor, count(*), count(CASE WHEN outcome = 'refused' THEN 1 END), count(CASE WHEN act = $3 THEN 1 END) AS asked,
		       count(CASE WHEN act = $3 AND outcome = 'refused' THEN 1 END)
		  FROM audit_record
		 WHERE id >= $1 AND id < $2 AND kind = 'staff'
		 GROUP BY actor
		 ORDER BY asked DESC, count(*) DESC, actor
		 LIMIT $4`
	from, to := s.ids()
	if people, err = db.One(ctx, tx, db.Value[int64], number, from, to); err != nil {
		return nil, 0, err
	}
	all, err = db.List(ctx, tx, func(r db.Row) (c StaffCount, err error) {
		err = r.Scan(&c.Staff, &c.Records, &c.Refused, &c.OfInterest, &c.RefusedOfThose)
		return c, err
	}, q, from, to, interest, most)
	return all, people, err
}

func subjectCounts(ctx context.Context, tx *db.Tx, s Span, acts []string, most int) ([]SubjectCount, error) {
	const q = `
		SELECT r.actor, r.act, r.subject, count(*)
		  FROM ROWS($1: act TEXT) AS a
		  JOIN audit_record r ON r.act = a.act
		 WHERE r.id >= $2 AND r.id < $3 AND r.kind = 'staff' AND r.outcome = 'done'
		 GROUP BY r.actor, r.act, r.subject
		 ORDER BY count(*) DESC, r.actor, r.act, r.subject
		 LIMIT $4`
	rows := db.NewRows(len(acts))
	for _, a := range acts {
		rows.Add(a)
	}
	from, to := s.ids()
	return db.List(ctx, tx, func(r db.Row) (c SubjectCount, err error) {
		err = r.Scan(&c.Actor, &c.Act, &c.Subject, &c.Records)
		return c, err
	}, q, rows, from, to, most)
}
