#!/bin/sh
# Backs up the records and the files of umkmbot while it runs, and removes what
# is too old. Linux, with Postgres's client programs (as new as the server),
# age and flock.
#
#   BACKUP_DIR        where backups go, a disk of its own or a mounted share
#   BACKUP_RECIPIENT  age's public key(s) that records are encrypted to: age1…,
#                     or a file of them
#   BACKUP_DAYS       how long a backup is kept; 30
#   UMKMBOT           the program; umkmbot
#   DATABASE_URL (or DATABASE_DIRECT_URL, past a pooler), FILES_URL   as the bot has them
#
# A backup is a folder named by its time (UTC), complete when it has that name:
# records.age, files.list, SHA256SUMS. Files lie beside it in files/, sealed as
# they are, once for all backups. Not in it: UMKMBOT_KEYS and age's private key,
# without which it is of no use; keep both elsewhere. Redis is not in it either:
# it holds half-filled forms and what is on its way, which a backup of yesterday
# would only bring back wrongly.
set -eu
umask 077

die() { echo "backup: $*" >&2; exit 1; }

: "${BACKUP_DIR:?}" "${BACKUP_RECIPIENT:?}" "${FILES_URL:?}"
umkmbot=${UMKMBOT:-umkmbot}
days=${BACKUP_DAYS:-30}
for program in pg_dump age flock sha256sum "$umkmbot"; do
	command -v "$program" >/dev/null || die "$program is not installed"
done

mkdir -p "$BACKUP_DIR"
cd "$BACKUP_DIR"
exec 9>.lock
flock -n 9 || die "another one is running"
rm -rf .new-*

address=$("$umkmbot" libpq-env) || die "see the line above"
eval "$address"

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
echo "backup: $BACKUP_DIR/$name is complete"
