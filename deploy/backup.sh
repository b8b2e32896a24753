#!/bin/sh
# Backs up the records and the files of umkmbot while it runs, and removes what
# is too old. Linux, with Postgres's client programs (of the server's major
# version), age and flock.
#
#   backup.sh             a backup
#   backup.sh erasures    only the list of erasures, for every hour; of what is
#                         below it needs BACKUP_DIR, UMKMBOT and the database
#
#   BACKUP_DIR        where backups go, a disk of its own or a mounted share. Once,
#                     while it is mounted: touch "$BACKUP_DIR/umkmbot-backups"
#   BACKUP_RECIPIENT  age's public key(s) that records are encrypted to: age1…,
#                     or a file of them
#   BACKUP_DAYS       how long a backup is kept; 30
#   BACKUP_METRICS    a file that says when the last backup was complete, for the
#                     textfile collector of Prometheus's node_exporter; none
#   UMKMBOT           the program; umkmbot
#   DATABASE_URL (or DATABASE_DIRECT_URL, past a pooler), FILES_URL   as the bot has them
#
# A backup is a folder named by its time (UTC), complete when it has that name:
# records.age, files.list, SHA256SUMS. Files lie beside it in files/, sealed as
# they are, once for all backups. Not in it: UMKMBOT_KEYS and age's private key,
# without which it is of no use; keep both elsewhere. Redis is not in it either:
# it holds half-filled forms and what is on its way, which a backup of yesterday
# would only bring back wrongly.
#
# The list, BACKUP_DIR/erasures, has who was erased and who took it back since the
# oldest backup, by ids: no backup knows what came after it, and restore.sh takes
# it from there. Lines are only added to it until they are older than all backups,
# whatever a database says that was lost meanwhile.
set -eu
umask 077

die() { echo "backup: $*" >&2; exit 1; }

[ $# = 0 ] || [ "$*" = erasures ] || die "takes no argument but erasures; its settings are variables: BACKUP_DIR, BACKUP_RECIPIENT, BACKUP_DAYS, BACKUP_METRICS, UMKMBOT, DATABASE_URL, FILES_URL"
: "${BACKUP_DIR:?}"
umkmbot=${UMKMBOT:-umkmbot}
days=${BACKUP_DAYS:-30}
case $days in *[!0-9]*) die "BACKUP_DAYS is no number of days: $days" ;; esac

installed() {
	for program in "$@"; do
		command -v "$program" >/dev/null || die "$program is not installed"
	done
}
installed flock "$umkmbot"

# Where a share is not mounted lies an empty folder of this machine's own disk.
[ -f "$BACKUP_DIR/umkmbot-backups" ] || die "there is no file $BACKUP_DIR/umkmbot-backups: is the disk mounted? If this is the right place, make it once: touch $BACKUP_DIR/umkmbot-backups"
cd "$BACKUP_DIR"
true >>.erasures.lock || die "$(id -un) may not write into $BACKUP_DIR, see above"

# A lock of its own: it is written while a backup runs, too.
erasures() {
	exec 8>.erasures.lock
	flock -w 600 8 || die "another one has been at the list of erasures for ten minutes"
	first=$(ls -d ????????T??????Z 2>/dev/null | head -n 1)
	since=$(printf '%s\n' ${first:+"$first"} "$(date -u -d "-$days days" +%Y%m%dT%H%M%SZ)" | sort | head -n 1)
	"$umkmbot" erasures save --since "$since" "$PWD/erasures" || die "the list of erasures is as it was, see above"
}
if [ $# = 1 ]; then
	erasures
	exit
fi

: "${BACKUP_RECIPIENT:?}" "${FILES_URL:?}"
installed pg_dump psql age sha256sum
exec 9>.lock
flock -n 9 || die "another one is running"
rm -rf .new-*

address=$("$umkmbot" libpq-env) || die "see the line above"
eval "$address"

# An older pg_dump cannot read the server, and what a newer one writes the
# server's own programs may not be able to put back.
server=$(psql -X -A -t -d "$PGADDRESS" -c "SELECT current_setting('server_version_num')::int / 10000") || die "the database does not answer, see above"
client=$(pg_dump --version | sed 's/[^0-9]*\([0-9]*\).*/\1/')
[ "$client" = "$server" ] || die "the server is Postgres $server, and pg_dump is of $client: install the client programs of $server"

name=$(date -u +%Y%m%dT%H%M%SZ)
[ ! -e "$name" ] || die "$name is there already"
new=.new-$name
mkdir "$new"

# A shell's pipe forgets how its first program ended.
encrypt() {
	if [ -f "$BACKUP_RECIPIENT" ]; then age -R "$BACKUP_RECIPIENT" -o "$1"; else age -r "$BACKUP_RECIPIENT" -o "$1"; fi
}
{ pg_dump --format=custom --no-owner --no-privileges --dbname="$PGADDRESS" || touch "$new/failed"; } | encrypt "$new/records.age"
[ ! -e "$new/failed" ] || die "pg_dump failed, see above"

# After the records: what is missing among the files cannot be made again, what
# is too much does no harm.
last=$(ls -d ????????T??????Z/files.list 2>/dev/null | tail -n 1)
"$umkmbot" files save --to "$PWD/files" --list "$new/files.list" ${last:+--known "$last"}

(cd "$new" && sha256sum records.age files.list >SHA256SUMS)
sync
mv "$new" "$name"

# What is too old goes, never the newest.
oldest=$(date -u -d "-$days days" +%Y%m%dT%H%M%SZ)
for old in ????????T??????Z; do
	if [ "$old" != "$name" ] && [ "$(printf '%s\n' "$old" "$oldest" | sort | head -n 1)" = "$old" ]; then
		rm -rf "$old"
	fi
done
"$umkmbot" files prune --from "$PWD/files" ????????T??????Z/files.list
erasures

if [ -n "${BACKUP_METRICS-}" ]; then
	{
		echo "# HELP umkmbot_backup_complete_timestamp_seconds When the last backup was complete."
		echo "# TYPE umkmbot_backup_complete_timestamp_seconds gauge"
		echo "umkmbot_backup_complete_timestamp_seconds $(date +%s)"
	} >"$BACKUP_METRICS.new"
	chmod 644 "$BACKUP_METRICS.new" # node_exporter is another user
	mv "$BACKUP_METRICS.new" "$BACKUP_METRICS"
fi
echo "backup: $BACKUP_DIR/$name is complete"
