package payment

import (
	"context"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/id"
)

// insertReceipt reports false when the party has a live receipt already.
func insertReceipt(ctx context.Context, tx *db.Tx, r receiptRow) (bool, error) {
	const q = `
		INSERT INTO payment_receipt (id, transfer, customer, code, code_hash, made_at)
		VALUES ($1, $2, $3, $4, $5, $6)
		    ON CONFLICT (transfer, customer) WHERE revoked_at IS NULL DO NOTHING`
	n, err := tx.Exec(ctx, q, r.id, r.transfer, r.customer, r.code, r.codeHash, r.madeAt)
	return n == 1, err
}

func receiptOf(ctx context.Context, tx *db.Tx, customer id.Customer, transfer id.Transfer) (receiptRow, bool, error) {
	const q = `
		SELECT id, transfer, customer, code, made_at
		  FROM payment_receipt
		 WHERE transfer = $1 AND customer = $2 AND revoked_at IS NULL`
	return db.Find(ctx, tx, scanReceipt, q, transfer, customer)
}

// receiptByCode finds a live receipt by the hashes of a code under all live keys.
func receiptByCode(ctx context.Context, tx *db.Tx, hashes [][]byte) (receiptRow, bool, error) {
	const q = `
		SELECT r.id, r.transfer, r.customer, r.code, r.made_at
		  FROM ROWS($1: code_hash BYTEA) AS h
		  JOIN payment_receipt r ON r.code_hash = h.code_hash
		 WHERE r.revoked_at IS NULL
		 LIMIT 1`
	rows := db.NewRows(len(hashes))
	for _, hash := range hashes {
		rows.Add(hash)
	}
	return db.Find(ctx, tx, scanReceipt, q, rows)
}

func scanReceipt(r db.Row) (receiptRow, error) {
	var row receiptRow
	err := r.Scan(&row.id, &row.transfer, &row.customer, &row.code, &row.madeAt)
	return row, err
}

// revokeReceipt reports whether there was a live receipt.
func revokeReceipt(ctx context.Context, tx *db.Tx, customer id.Customer, transfer id.Transfer) (bool, error) {
	const q = `UPDATE payment_receipt SET revoked_at = $3 WHERE transfer = $1 AND customer = $2 AND revoked_at IS NULL`
	n, err := tx.Exec(ctx, q, transfer, customer, tx.Now())
	return n > 0, err
}
