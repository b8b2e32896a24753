package store

import (
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgconn"

	"umkmbot/internal/umkm"
)

// SQLSTATE classes whose fault is the data's: 22 data exception, 23 integrity
// constraint violation.
var refusedClasses = []string{"22", "23"}

const uniqueViolation = "23505"

// IsRefused reports whether err means that the data itself was refused, as
// opposed to a dependency that is down.
func IsRefused(err error) bool { return errors.Is(err, umkm.ErrRefused) }

// classify turns a refusal into umkm.ErrRefused and keeps of it only what
// names no value: Postgres's own messages quote the data.
func classify(err error) error {
	var pg *pgconn.PgError
	if !errors.As(err, &pg) {
		return err
	}
	for _, class := range refusedClasses {
		if strings.HasPrefix(pg.Code, class) {
			return fmt.Errorf("%w: %s %s", umkm.ErrRefused, pg.Code, pg.ConstraintName)
		}
	}
	return err
}
