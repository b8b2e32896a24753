// Package embedded runs a private Postgres and Redis for the demo and the
// tests, from programs that are installed on the machine (see deploy/deps.sh);
// it downloads nothing and touches no server of the system.
//
//	services, err := embedded.Start(ctx, "data/services", embedded.Options{Logger: log})
//	if err != nil { … } // one line: what is wrong and what to do
//	defer services.Stop(context.WithoutCancel(ctx))
//	pool, err := pgxpool.New(ctx, services.DatabaseURL())
//
// Tests use package embeddedtest, which gives each of them a database and a
// Redis of its own.
//
// # The folder
//
// A data folder belongs to one running program at a time (ErrInUse otherwise)
// and holds all there is: "postgres", "redis", their logs, the password both
// ask on their ports, "run" with the Postgres socket, "state.json" with the
// ports of last time, which are used again when free. Folders are independent
// of each other. Remove deletes these entries and nothing else.
//
// # Root
//
// Postgres refuses to run as root. When the program is root both servers run as
// the owner of existing data, else as user postgres. If that user cannot reach
// the folder, as below /root, the data lie in /var/lib/umkmbot (or /tmp) and
// the folder keeps a file "moved-to" with the path; Remove follows it.
//
// # What ends the servers
//
// Stop, or the end of the program in whatever way: on Linux the kernel tells
// them, elsewhere the next Start or Remove on the folder stops them first. They
// run in sessions of their own, so that Ctrl-C in a terminal reaches only the
// program, which needs them until it has drained. A server that ends by itself
// is reported to the Logger and stays down until StartPostgres, StartRedis or a
// restart.
//
// # Traps this package is built around
//
//   - A connection that succeeds may have reached an orphan or another folder's
//     server: readiness is our own process's word (postmaster.pid, INFO), and
//     each folder has its own password.
//   - A pid in a file may be anybody's by now: orphans are known by their
//     working folder, and a dead server's pid file and socket locks are removed
//     once no server runs there.
//   - initdb may be cut short anywhere: it works in "postgres.new", which is
//     renamed when complete.
//   - Socket paths end at 103 bytes and clients split them at commas: such
//     folders have their socket below the temporary folder.
//   - Ports are taken outside the range from which the system gives ports to
//     outgoing connections, which could otherwise occupy a stopped server's.
//   - A restart keeps the port, Start after a stop keeps it when it is free.
package embedded
