// Command bench measures the real program from outside: owners register at the
// simulator while the bot runs as a process of its own, whose CPU and memory
// the kernel tells. In the same run it measures a floor, a program that makes
// the same calls with no logic, in turns with the real one (real, floor, floor,
// real, real …), so that a noisy machine is noisy for both.
//
// Before the rounds there are a million businesses in the records and a hundred
// thousand open dialogs, for both programs.
//
//	go run ./internal/bench          everything, about 35 minutes
//	go run ./internal/bench -quick   a minute or two; coarse, with fewer records
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
)

// plan is how much is measured.
type plan struct {
	Rounds   int    // of each program and ingress
	Owners   []load // chatting side by side, and how many register in all
	WarmUp   load
	Chats    int    // distinct ones for the memory; 0: not measured
	Known    int    // businesses that are registered before
	Open     int    // dialogs that are open before
	Ingress  string // webhook, polling or both
	Markdown string // file for the tables; "": none
	Only     string // real, floor or "" for both
	Profile  string // folder for CPU profiles of the real program
}

// load is a number of owners, some of them at once.
type load struct{ AtOnce, Owners int }

func (p plan) ingresses() []string {
	if p.Ingress != "both" {
		return []string{p.Ingress}
	}
	return []string{"polling", "webhook"}
}

// programs are those of a round, in its order: neither is always the first.
func (p plan) programs(round int) []string {
	switch {
	case p.Only != "":
		return []string{p.Only}
	case round%2 == 1:
		return []string{theFloor, real}
	}
	return []string{real, theFloor}
}

func flags(args []string) (plan, error) {
	p := plan{
		Owners: []load{{1, 60}, {20, 400}, {200, 800}},
		WarmUp: load{40, 200},
	}
	set := flag.NewFlagSet("bench", flag.ContinueOnError)
	quick := set.Bool("quick", false, "a coarse answer soon: one round, fewer owners and chats")
	set.IntVar(&p.Rounds, "rounds", 7, "rounds of each program and ingress")
	set.IntVar(&p.Chats, "chats", 100_000, "distinct chats for the memory; 0: not measured")
	set.IntVar(&p.Known, "businesses", 1_000_000, "businesses that are registered before")
	set.IntVar(&p.Open, "dialogs", 100_000, "dialogs that are open before")
	set.StringVar(&p.Ingress, "ingress", "both", "polling, webhook or both")
	set.StringVar(&p.Only, "only", "", "real or floor alone")
	set.StringVar(&p.Markdown, "markdown", "", "write the tables to this file too")
	at := set.Int("at-once", 0, "measure only this many owners at once: 1, 20 or 200; 0: each")
	owners := set.Int("owners", 0, "how many register under the greatest load; 0: as many as planned")
	set.StringVar(&p.Profile, "profile", "", "keep CPU profiles of the real program in this folder")
	if err := set.Parse(args); err != nil {
		return p, err
	}
	if *quick {
		p.Chats, p.Known, p.Open = min(p.Chats, 10_000), min(p.Known, 50_000), min(p.Open, 10_000)
		if !given(set, "rounds") {
			p.Rounds = 1
		}
		p.Owners = []load{{1, 10}, {20, 100}, {200, 600}}
		p.WarmUp = load{20, 60}
	}
	if *at > 0 {
		p.Owners = slices.DeleteFunc(p.Owners, func(l load) bool { return l.AtOnce != *at })
	}
	if len(p.Owners) == 0 {
		return p, fmt.Errorf("-at-once %d: must be 1, 20 or 200", *at)
	}
	if *owners > 0 {
		p.Owners[len(p.Owners)-1].Owners = *owners
	}
	if !strings.Contains(" polling webhook both ", " "+p.Ingress+" ") {
		return p, fmt.Errorf("-ingress %s: must be polling, webhook or both", p.Ingress)
	}
	if p.Only != "" && p.Only != real && p.Only != theFloor {
		return p, fmt.Errorf("-only %s: must be real or floor", p.Only)
	}
	return p, nil
}

// given reports whether a flag was on the command line.
func given(set *flag.FlagSet, name string) (yes bool) {
	set.Visit(func(f *flag.Flag) { yes = yes || f.Name == name })
	return yes
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil && !errors.Is(err, flag.ErrHelp) {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) (err error) {
	p, err := flags(args)
	if err != nil {
		return err
	}
	b, err := openBench(ctx, p)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close(context.WithoutCancel(ctx))) }()
	if err := b.record(ctx); err != nil {
		return fmt.Errorf("record a registration: %w", err)
	}
	results, err := b.rounds(ctx)
	if err != nil {
		return err
	}
	memory, err := b.memory(ctx)
	if err != nil {
		return err
	}
	out := tables(results, memory) + "\n" + machine(ctx)
	fmt.Print(out)
	if p.Markdown != "" {
		return os.WriteFile(p.Markdown, []byte(out), 0o644)
	}
	return nil
}
