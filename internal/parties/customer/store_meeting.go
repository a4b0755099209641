package customer

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

func insertMeeting(ctx context.Context, tx *db.Tx, by act.By, customer id.Customer, m Met) error {
	const q = `
		INSERT INTO customer_meeting (id, customer_id, staff_id, branch, at)
		VALUES ($1, $2, $3, $4, $5)`
	_, err := tx.Exec(ctx, q, m.ID, customer, by.Actor, by.Branch, m.At)
	return err
}

func lastMeeting(ctx context.Context, tx *db.Tx, customer id.Customer, staff id.Staff) (Met, bool, error) {
	const q = `
		SELECT id, at
		  FROM customer_meeting
		 WHERE customer_id = $1 AND staff_id = $2
		 ORDER BY id DESC
		 LIMIT 1`
	return db.Find(ctx, tx, func(r db.Row) (Met, error) {
		var m Met
		err := r.Scan(&m.ID, &m.At)
		return m, err
	}, q, customer, staff)
}

func listMeetings(ctx context.Context, tx *db.Tx, customer id.Customer, limit int) ([]exportMeeting, error) {
	const q = `
		SELECT at, branch
		  FROM customer_meeting
		 WHERE customer_id = $1
		 ORDER BY id DESC
		 LIMIT $2`
	return db.List(ctx, tx, func(r db.Row) (exportMeeting, error) {
		var m exportMeeting
		err := r.Scan(&m.At, &m.Branch)
		return m, err
	}, q, customer, limit)
}
