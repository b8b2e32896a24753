package loadtest

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"umkmbot/internal/umkm"
	"umkmbot/internal/umkm/regions"
)

// sqlFill makes $1 businesses as they are after years: of a hundred, 5 are
// an owner's second one, 3 owners share another's account, 8 accounts are away,
// 81 owners agreed to messages, a fifth did not tell the turnover, and a
// twentieth has attended a training; for each business there is a document, and
// for every fourth a request. Trigger and foreign keys are off, and reach is
// filled by the records at the end, as its migration does.
var sqlFill = []string{
	`SET session_replication_role = replica`,
	`CREATE TEMP TABLE villages AS SELECT code, nth FROM unnest($1::text[]) WITH ORDINALITY v(code, nth)`,
	`CREATE FUNCTION pg_temp.key(kind int, n bigint) RETURNS uuid LANGUAGE sql IMMUTABLE AS
		$$ SELECT ('0000000' || kind || '-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid $$`,
	`CREATE FUNCTION pg_temp.lot(n bigint, salt int) RETURNS int LANGUAGE sql IMMUTABLE AS
		$$ SELECT (hashint8(n * 31 + salt) & 2147483647) % 100 $$`,
	`CREATE TEMP TABLE people AS SELECT n, CASE WHEN n % 33 = 0 AND n % 20 <> 1 THEN n - 1 ELSE n END AS account
		FROM generate_series(1, $1::bigint) n WHERE n % 20 <> 0`,
	`INSERT INTO accounts (telegram_id, language, reachable, reachable_since, created_at, seen_at)
		SELECT n, 'id', pg_temp.lot(n, 1) >= 4, $1, $1, $1::timestamptz - n * interval '1 second' FROM people`,
	`INSERT INTO owners (id, name, nik_sealed, nik_index, phone, created_at)
		SELECT pg_temp.key(1, n), 'Pemilik ' || n, '', sha256(n::text::bytea), '+6281234567890', $1 FROM people`,
	`INSERT INTO account_owners SELECT account, pg_temp.key(1, n), $1 FROM people`,
	`INSERT INTO businesses (id, owner, account, dialog, number, name, village, registered_at, sector, turnover_rupiah, turnover_period)
		SELECT pg_temp.key(2, n), pg_temp.key(1, n - (n % 20 = 0)::int), n - (n % 20 = 0)::int, 'b' || n, '360405-' || lpad(n::text, 7, '0'),
			'Usaha ' || n, v.code, $2, (array['food','food','food','craft','fashion','services','trade','trade','farm'])[1 + pg_temp.lot(n, 3) % 10],
			CASE WHEN pg_temp.lot(n, 4) < 80 THEN (1000000 * exp(pg_temp.lot(n, 5) / 12.0))::bigint END, CASE WHEN pg_temp.lot(n, 4) < 80 THEN 'month' END
		FROM generate_series(1, $1::bigint) n JOIN villages v ON v.nth = 1 + (n * 7919) % (SELECT count(*) FROM villages)`,
	`INSERT INTO consents (id, owner, account, purpose, version, language, granted, at)
		SELECT pg_temp.key(3, n), pg_temp.key(1, n), account, 'messages', '1', 'id', pg_temp.lot(n, 6) < 94, $1 FROM people WHERE pg_temp.lot(n, 7) < 96`,
	`INSERT INTO documents (id, business, kind, state, account, dialog, submitted_at, decided_at, until)
		SELECT pg_temp.key(4, n * 10 + k), pg_temp.key(2, n), (array['nib','halal','pirt','npwp'])[k], 'approved', n, 'd' || (n * 10 + k), $2, $2,
			CASE k WHEN 3 THEN $2::timestamptz::date + pg_temp.lot(n, 20) - 20 END
		FROM generate_series(1, $1::bigint) n, generate_series(1, 4) k WHERE pg_temp.lot(n, 10 + k) < (array[45,20,10,30])[k]`,
	`INSERT INTO programmes (id) SELECT 'programme_' || n FROM generate_series(0, 11) n`,
	`INSERT INTO requests (id, programme, business, account, dialog, sealed, state, asked_at, moved_at)
		SELECT pg_temp.key(5, n), 'programme_' || (pg_temp.lot(n, 30) % 12), pg_temp.key(2, n), n, 'q' || n, '',
			(array['open','done','declined'])[1 + pg_temp.lot(n, 31) % 3], $2, $2
		FROM generate_series(1, $1::bigint) n WHERE pg_temp.lot(n, 32) < 25`,
	`INSERT INTO seats (id, training, owner, business, account, village, sector, cap, untrained, number, state, queue, in_at, changed_at)
		SELECT pg_temp.key(6, n), pg_temp.key(7, n % 1000), pg_temp.key(1, n), pg_temp.key(2, n), n, '36.01.01.2001', '', '', true, n, 'seated', 1, $1, $1
		FROM people WHERE pg_temp.lot(n, 40) < 5`,
	`ANALYZE`,
	`INSERT INTO reach (business, owner, chat, language, village, sector, turnover, messages, documents, ends, programmes,
			trained, sole, registered_at, seen_at)
		SELECT business, owner, chat, language, village, sector, turnover, messages, documents, ends, programmes,
			trained, sole, registered_at, seen_at FROM reach_records`,
	`SET session_replication_role = origin`,
	`VACUUM ANALYZE`,
}

// AllVillages are the codes of every village in Banten.
func AllVillages() (villages []umkm.RegionCode) {
	all := regions.Banten()
	for _, regency := range all.Regencies() {
		for _, district := range all.Children(regency.Code) {
			for _, v := range all.Children(district.Code) {
				villages = append(villages, v.Code)
			}
		}
	}
	return villages
}

// Fill makes so many businesses all over Banten in a migrated database, as they
// are after years of use; at is today. A million take about a minute.
func Fill(ctx context.Context, conn *pgx.Conn, businesses int, at time.Time) error {
	for _, sql := range sqlFill {
		var args []any
		switch {
		case strings.Contains(sql, "unnest($1"):
			args = []any{AllVillages()}
		case strings.Contains(sql, "$2"):
			args = []any{businesses, at}
		case strings.Contains(sql, "$1::bigint"):
			args = []any{businesses}
		case strings.Contains(sql, "$1"):
			args = []any{at}
		}
		if _, err := conn.Exec(ctx, sql, args...); err != nil {
			return fmt.Errorf("fill: %.60s: %w", sql, err)
		}
	}
	return nil
}
