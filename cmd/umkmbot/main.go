// Command umkmbot is the bot, its simulator and its tools in one program.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"slices"
	"syscall"
	_ "time/tzdata" // the office's zone on machines without zone files

	"github.com/alecthomas/kong"
	"github.com/redis/go-redis/v9"

	"umkmbot/internal/inspect"
)

// version is set by the build.
var version = "dev"

type cli struct {
	Demo         demoCommand         `cmd:"" help:"Try everything on this machine: a private Postgres and Redis, a Telegram simulator and the bot."`
	Serve        serveCommand        `cmd:"" help:"Run the bot."`
	Check        checkCommand        `cmd:"" help:"See whether everything that serve needs is right, line by line; exits with 1 if not."`
	Rekey        rekeyCommand        `cmd:"" help:"Seal everything anew under the first of the keys, while the bot runs, and say when the others can go."`
	Migrate      migrateCommand      `cmd:"" help:"Bring the database up to this version; run it before serve."`
	Simulate     simulateCommand     `cmd:"" help:"Run the Telegram simulator alone."`
	Invite       inviteCommand       `cmd:"" help:"Invite somebody to the staff: the first admin. Later ones are invited in the chat, by /undang."`
	DeadLetters  deadLettersCommand  `cmd:"" help:"Updates that could not be handled."`
	Funnel       funnelCommand       `cmd:"" help:"How far conversations got: started, each question reached, left where, time spent."`
	CheckContent checkContentCommand `cmd:"" name:"check-content" help:"Check content files: print every mistake with file and line; exits with 1 if there is one."`
	Draw         drawCommand         `cmd:"" help:"Draws for the seats of a training."`
	WhoSaw       whoSawCommand       `cmd:"" name:"who-saw" help:"After a breach: what the staff did between two times, and whose records it was about, as CSV."`
	Erasures     erasuresCommand     `cmd:"" help:"Keep beside the backups what they cannot know: who was erased after them, and who took it back."`
	Health       healthCommand       `cmd:"" help:"Ask a running bot whether it is healthy; exits with 1 if not."`
	Version      versionCommand      `cmd:"" help:"Print the version."`
	Files        filesCommand        `cmd:"" help:"Copy files into backups and back; deploy/backup.sh and restore.sh do it."`
	LibpqEnv     libpqCommand        `cmd:"" name:"libpq-env" hidden:"" help:"The database's address for Postgres's own programs, as lines for a shell."`
	MayRestore   mayRestoreCommand   `cmd:"" name:"may-restore" hidden:"" help:"What speaks against a restore of the records on standard input; deploy/restore.sh asks it."`
	InspectFile  inspectFileCommand  `cmd:"" hidden:"" help:"Look into the file on standard input, within limits; the bot starts this for each upload."`
}

// silent drops the Redis client's own log lines: every failed call comes back
// as an error and is logged once, with what it was for.
type silent struct{}

func (silent) Printf(context.Context, string, ...any) {}

func main() {
	redis.SetLogger(silent{})
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "umkmbot: "+oneLine(err))
		os.Exit(1)
	}
}

// run is the whole program; it returns when ctx ends and all is put away.
// What was asked for is written to out.
func run(ctx context.Context, args []string, out io.Writer) error {
	var c cli
	parser, err := commandLine(ctx, &c, out)
	if err != nil {
		return fmt.Errorf("command line: %w", err)
	}
	k, err := parser.Parse(args)
	if err != nil {
		return err
	}
	return k.Run()
}

// commandLine reads arguments and variables into c.
func commandLine(ctx context.Context, c *cli, out io.Writer) (*kong.Kong, error) {
	parser, err := kong.New(c, kong.Name("umkmbot"), kong.UsageOnError(),
		kong.Description("A Telegram bot through which owners of small businesses in Banten register and are served."),
		kong.BindTo(ctx, (*context.Context)(nil)), kong.BindTo(out, (*io.Writer)(nil)))
	if err != nil {
		return nil, err
	}
	return parser, kong.Visit(parser.Model, emptyIsNone)
}

// emptyIsNone passes over variables that are set to nothing, as files of settings
// have them: the next one or the default holds.
func emptyIsNone(node kong.Visitable, next kong.Next) error {
	if f, ok := node.(*kong.Flag); ok {
		f.Tag.Envs = slices.DeleteFunc(slices.Clone(f.Tag.Envs), func(name string) bool { return os.Getenv(name) == "" })
	}
	return next(nil)
}

type versionCommand struct{}

func (versionCommand) Run(out io.Writer) error {
	_, err := fmt.Fprintln(out, version)
	return err
}

// inspectFileCommand is inspect.ChildCommand.
type inspectFileCommand struct{}

func (inspectFileCommand) Run(out io.Writer) error { return inspect.Child(os.Stdin, out) }
