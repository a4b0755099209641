package db

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// Administer runs one statement on a PostgreSQL server outside any transaction, such as CREATE DATABASE.
func Administer(ctx context.Context, address, text string) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return errors.New("cannot connect to the PostgreSQL server") // the cause may hold the password
	}
	defer func() { _ = conn.Close(ctx) }()
	if _, err := conn.Exec(ctx, text); err != nil {
		return fmt.Errorf("administer: %w", err)
	}
	return nil
}
