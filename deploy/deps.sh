#!/bin/sh
# Installs what umkmbot needs to run and, with TEST=1 (or "test" as argument),
# to be tested, besides Go and make. Asks nothing; does nothing when all is
# there; says exactly what to install where it cannot do it itself.
set -eu

PATH=$PATH:/usr/sbin:/sbin # where Debian keeps pgbouncer, off a user's PATH

case "${1-}" in
'') ;;
test) TEST=1 ;;
*)
	echo "usage: $0 [test]" >&2
	exit 2
	;;
esac

have() { command -v "$1" >/dev/null 2>&1; }

# The same folders as internal/embedded/binaries.go looks in.
have_postgres() {
	have postgres && have initdb && return 0
	for server in /usr/lib/postgresql/*/bin/postgres /usr/pgsql-*/bin/postgres /usr/local/pgsql/bin/postgres \
		/opt/homebrew/opt/postgresql*/bin/postgres /usr/local/opt/postgresql*/bin/postgres \
		/Applications/Postgres.app/Contents/Versions/*/bin/postgres; do
		[ -x "$server" ] && [ -x "${server%postgres}initdb" ] && return 0
	done
	return 1
}

have_redis() { have redis-server || have valkey-server || [ -x /opt/homebrew/bin/redis-server ]; }

have_chromium() {
	have chromium || have chromium-browser || have google-chrome ||
		[ -x "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" ] ||
		[ -x /Applications/Chromium.app/Contents/MacOS/Chromium ]
}

# The race detector links with a C compiler, and that needs the headers, which
# Debian's gcc only recommends.
have_compiler() { have gcc || have cc; }
have_headers() { echo '#include <stdlib.h>' | cc -E - >/dev/null 2>&1; }

# missing prints the Debian names of what is not there.
missing() {
	have_postgres || echo postgresql
	have_redis || echo redis-server
	[ "${TEST-}" = 1 ] || return 0
	have_chromium || echo chromium
	have pgbouncer || echo pgbouncer
	have age || echo age
	have_compiler || echo gcc
	[ "$(uname)" != Darwin ] || return 0
	have_headers || echo libc6-dev
	have systemd-analyze || echo systemd
}

# brew_name translates a Debian name; gcc comes with Apple's own tools.
brew_name() {
	case $1 in
	postgresql) echo postgresql@17 ;;
	redis-server) echo redis ;;
	chromium) echo google-chrome ;; # Homebrew's chromium is not signed and does not start
	*) echo "$1" ;;
	esac
}

by_hand() {
	{
		echo "deps: cannot install by itself ($1). Please install: $(echo $wanted)"
		echo "  Debian, Ubuntu:  apt-get install $(echo $wanted)"
		echo "  macOS:           brew install $(for name in $wanted; do brew_name "$name"; done | tr '\n' ' ')"
		echo "  others:          PostgreSQL 14 or newer, Redis 7 or newer${TEST:+; for tests Chromium, PgBouncer, age, a C compiler, systemd}"
	} >&2
	exit 1
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		env "$@"
	else
		sudo -n env "$@"
	fi
}

# no_cluster keeps Debian from making and starting a system-wide database that
# nobody asked for, while Postgres is being installed, no longer: a later
# installation by the machine's owner is none of ours.
cluster_conf=/etc/postgresql-common/createcluster.d/umkmbot-deps.conf
no_cluster() {
	as_root sh -c "mkdir -p ${cluster_conf%/*} && echo 'create_main_cluster = false' >$cluster_conf" || return 0
	trap 'as_root rm -f "$cluster_conf"' EXIT
	trap 'exit 1' HUP INT TERM
}

# apt_install: RUNLEVEL=1 keeps services from being started where there is no
# systemd; a service started all the same is harmless, ours has its own ports.
apt_install() {
	echo "deps: installing" $wanted
	case " $(echo $wanted) " in *' postgresql '*) no_cluster ;; esac
	as_root DEBIAN_FRONTEND=noninteractive apt-get update -q </dev/null ||
		echo "deps: apt-get update failed; going on with the lists that are there" >&2
	as_root DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -q -y --no-install-recommends \
		-o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold \
		-o DPkg::Lock::Timeout=300 $wanted </dev/null || by_hand "apt-get install failed, see above"
}

brew_install() {
	echo "deps: installing" $wanted
	for name in $wanted; do
		if [ "$name" = gcc ]; then
			echo "deps: for a C compiler run: xcode-select --install" >&2
			exit 1
		fi
		HOMEBREW_NO_AUTO_UPDATE=1 HOMEBREW_NO_ENV_HINTS=1 NONINTERACTIVE=1 brew install "$(brew_name "$name")" </dev/null ||
			by_hand "brew install failed, see above"
	done
}

wanted=$(missing)
[ -n "$wanted" ] || exit 0

if have brew && [ "$(uname)" = Darwin ]; then
	brew_install
elif have apt-get && { [ "$(id -u)" = 0 ] || { have sudo && sudo -n true 2>/dev/null; }; }; then
	apt_install
elif have apt-get; then
	by_hand "not root, and sudo needs a password"
else
	by_hand "neither apt-get nor Homebrew here"
fi

wanted=$(missing)
[ -z "$wanted" ] || by_hand "installed, but still not found"
