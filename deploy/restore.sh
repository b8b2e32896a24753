#!/bin/sh
# Puts a backup that backup.sh made in the place of what is there: everything in
# the database's schema "public" is dropped. Before that the whole backup is
# read; one that is harmed, cannot be decrypted, or needs keys that are not given,
# changes nothing. The records come back in one transaction, or not at all. Stop
# every replica first.
#
#   restore.sh <BACKUP_DIR>/<time>
#
#   BACKUP_IDENTITY      the file with age's private key
#   UMKMBOT              the program; umkmbot
#   INTO_EXISTING_FILES  yes: what lies at FILES_URL is this office's own, although
#                        the database that is there now does not know it (it was
#                        lost). Never to practise
#   DESPITE_KEYS         yes: keys that the backup needs are lost for good. Without
#                        the one by which NIKs are found no bot starts on the records
#   and the bot's own settings, UMKMBOT_KEYS among them
#
# Who was erased after the backup goes again, and who took it back stays, by the
# list that backup.sh keeps beside the backups.
#
# Database and files get a new mark: a bot with an older copy of the records does
# not start on these files, nor one with these records on an older place.
set -eu
umask 077

die() { echo "restore: $*" >&2; exit 1; }

[ $# = 1 ] || die "usage: $0 <BACKUP_DIR>/<time>"
: "${BACKUP_IDENTITY:?}" "${FILES_URL:?}"
umkmbot=${UMKMBOT:-umkmbot}
for program in pg_restore psql age sha256sum "$umkmbot"; do
	command -v "$program" >/dev/null || die "$program is not installed"
done
backup=$(cd "$1" && pwd) || die "$1 is no backup, or $(id -un) may not read it; nothing was changed"
files=$(dirname "$backup")/files
address=$("$umkmbot" libpq-env) || die "see the line above"
eval "$address"
# A newer pg_restore says what the server does not know.
server=$(psql -X -A -t -d "$PGADDRESS" -c "SELECT current_setting('server_version_num')::int / 10000") || die "the database does not answer, see above; nothing was changed"
client=$(pg_restore --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
[ "$client" -le "$server" ] || die "the server is Postgres $server, and pg_restore is of $client: install the client programs of $server; nothing was changed"
failed=$(mktemp -u)
trap 'rm -f "$failed"' EXIT

# records writes the decrypted dump; what goes wrong leaves a mark, as a shell's
# pipe forgets how its first program ended.
records() { age --decrypt -i "$BACKUP_IDENTITY" "$backup/records.age" || touch "$failed"; }

echo "restore: reading the backup"
(cd "$backup" && sha256sum --quiet --strict -c SHA256SUMS) || die "the backup is harmed; nothing was changed"
{ records | pg_restore --no-owner --no-privileges -f - || touch "$failed"; } | "$umkmbot" may-restore || refused=yes
[ -z "${refused-}" ] || die "see the lines above; nothing was changed"
[ ! -e "$failed" ] || die "the records cannot be read; nothing was changed"
"$umkmbot" files verify --from "$files" --list "$backup/files.list" || die "the files are harmed; nothing was changed"

others=$(psql -X -A -t -d "$PGADDRESS" -c "SELECT count(*) FROM pg_stat_activity
	WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'")
[ "$others" = 0 ] || die "$others programs are connected to the database: stop every replica first; nothing was changed"

echo "restore: the records"
drop="
DO \$\$
DECLARE one record;
BEGIN
	FOR one IN
		SELECT format('DROP TABLE IF EXISTS %s CASCADE', oid::regclass) AS sql FROM pg_class
		WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')
	LOOP EXECUTE one.sql; END LOOP;
	FOR one IN
		SELECT format('DROP %s IF EXISTS %s CASCADE', CASE relkind WHEN 'S' THEN 'SEQUENCE' WHEN 'm' THEN 'MATERIALIZED VIEW' ELSE 'VIEW' END, oid::regclass) AS sql
		FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('S', 'm', 'v')
	LOOP EXECUTE one.sql; END LOOP;
	FOR one IN
		SELECT format('DROP ROUTINE IF EXISTS %s CASCADE', oid::regprocedure) AS sql FROM pg_proc
		WHERE pronamespace = 'public'::regnamespace
	LOOP EXECUTE one.sql; END LOOP;
	FOR one IN
		SELECT format('DROP TYPE IF EXISTS %s CASCADE', oid::regtype) AS sql FROM pg_type
		WHERE typnamespace = 'public'::regnamespace AND typtype IN ('e', 'd', 'r')
	LOOP EXECUTE one.sql; END LOOP;
END \$\$;"
{
	# What falls with a table need not be told, one line each.
	echo "BEGIN; SET LOCAL client_min_messages = warning;"
	echo "$drop"
	records | pg_restore --no-owner --no-privileges -f - || touch "$failed"
	echo "UPDATE public.key_marks SET mark = sha256(uuid_send(gen_random_uuid()) || uuid_send(gen_random_uuid())) WHERE purpose = 'files';"
	# Without this line nothing has happened.
	[ -e "$failed" ] || echo "COMMIT;"
} | psql -X -q -v ON_ERROR_STOP=1 -o /dev/null -d "$PGADDRESS" || die "the records could not be put back; they are as they were"
[ ! -e "$failed" ] || die "the records could not be put back; they are as they were"

echo "restore: the files"
mark=$(psql -X -A -t -d "$PGADDRESS" -c "SELECT encode(mark, 'hex') FROM public.key_marks WHERE purpose = 'files'")
"$umkmbot" files restore --from "$files" --list "$backup/files.list" ${mark:+--mark "$mark"}
"$umkmbot" migrate

list=$(dirname "$backup")/erasures
if [ -f "$list" ]; then
	echo "restore: who was erased after the backup, by $list, last written $(date -u -r "$list" +%Y-%m-%dT%H:%M:%SZ)"
	"$umkmbot" erasures again "$list" || die "the records are back, and the list of erasures is not taken up, see above. Before any replica starts: umkmbot erasures again $list"
else
	echo "restore: there is no list $list. Who was erased after the backup is back, and who took it back after it will be erased: see docs/privacy.md, \"After a restore\", before any replica starts"
fi
echo "restore: done. What umkmbot check finds wrong is to be mended before serve:"
"$umkmbot" check
