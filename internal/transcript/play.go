package transcript

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Stage is where a script is played.
type Stage struct {
	URL string // of the simulator
	// Idle returns once nothing is left for the bot to do: no update waits and
	// no job is due. Nil: once no update waits.
	Idle func(context.Context) error
	// Stop ends the bot in order, Start begins it anew; where they are nil a
	// script that needs them fails.
	Stop, Start func(context.Context) error
	// Restore puts in a person's way the form that a release kept of somebody
	// standing at a step; where it is nil a script that needs it fails.
	Restore func(ctx context.Context, person int64, release, step string) error
	// Arrange does for a person what a line "--- siti: words ---" says, in the
	// stage's own words; nil: nothing.
	Arrange func(ctx context.Context, person int64, words string) error
	// Hire puts a person on the staff with a role in a region; where it is nil
	// a script that needs it fails.
	Hire func(ctx context.Context, person int64, name, role, region string) error
	// File gives a file that scripts send by its name, where none lies beside
	// them; nil: there are no others.
	File func(name string) (content []byte, ok bool)
	// Code says what the link of a code that a person scans begins the bot
	// with, the code named in the stage's own words; nil: there are none.
	Code func(ctx context.Context, words string) (payload string, err error)
	// Patience is how long an answer may still come once the bot is idle;
	// zero: two seconds.
	Patience time.Duration
}

// Play plays the script in a file. Its error shows what differs, by line, and
// the whole conversation as it went.
func Play(ctx context.Context, path string, stage Stage) error {
	_, err := run(ctx, path, stage, false)
	return err
}

// Update plays the script and rewrites what the file expects, as far as it can
// be played; it says whether that changed.
func Update(ctx context.Context, path string, stage Stage) (changed bool, err error) {
	p, err := run(ctx, path, stage, true)
	if p == nil {
		return false, err
	}
	now := strings.Join(p.rewritten(p.seen[:p.played]), "\n") + "\n"
	if now == strings.Join(p.lines, "\n")+"\n" {
		return false, err
	}
	if werr := os.WriteFile(path, []byte(now), 0o644); werr != nil {
		return false, errors.Join(err, fmt.Errorf("rewrite: %w", werr))
	}
	return true, err
}

func run(ctx context.Context, path string, stage Stage, update bool) (*player, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read the script: %w", err)
	}
	s, err := parse(filepath.Base(path), string(text))
	if err != nil {
		return nil, err
	}
	p := newPlayer(s, stage)
	p.files, p.update = filepath.Dir(path), update
	if err := p.gather(ctx); err != nil {
		return nil, fmt.Errorf("%s: %w", s.name, err)
	}
	return p, p.play(ctx)
}

// player plays one script.
type player struct {
	*script
	stage   Stage
	sim     sim
	files   string // folder of the files that the script names
	update  bool
	ids     map[string]int64 // of people and groups, by name
	cursors map[string]int64 // each person's last event
	screens []*screen
	typed   strings.Builder // everything people said
	heard   []said          // not compared yet
	seen    [][]said        // by beat
	played  int             // beats that went well
	down    bool            // the bot is stopped
}

func newPlayer(s *script, stage Stage) *player {
	if stage.Patience == 0 {
		stage.Patience = 2 * time.Second
	}
	p := &player{script: s, stage: stage, sim: sim{stage.URL}, ids: map[string]int64{}, cursors: map[string]int64{}}
	if p.stage.Idle == nil {
		p.stage.Idle = p.unpended
	}
	return p
}

// gather makes the people and groups, in the order of the script, so that
// every play gives them the same ids.
func (p *player) gather(ctx context.Context) error {
	for _, who := range p.people {
		var made struct {
			ID int64 `json:"id"`
		}
		if err := p.sim.call(ctx, http.MethodPost, "users", map[string]string{
			"first_name": who.first, "last_name": who.last, "language_code": who.language, "phone_number": who.phone,
		}, &made); err != nil {
			return err
		}
		p.ids[who.name] = made.ID
		p.watch(who.name, who.name, made.ID)
		if err := p.hire(ctx, who); err != nil {
			return err
		}
		var err error
		if _, p.cursors[who.name], err = p.sim.events(ctx, made.ID, -1); err != nil {
			return err
		}
	}
	for _, g := range p.groups {
		if err := p.form(ctx, g); err != nil {
			return err
		}
	}
	if err := p.stage.Idle(ctx); err != nil {
		return err
	}
	return p.listen(ctx)
}

func (p *player) hire(ctx context.Context, who person) error {
	for _, r := range who.roles {
		if p.stage.Hire == nil {
			return fmt.Errorf("%s cannot be put on the staff here", who.name)
		}
		if err := p.stage.Hire(ctx, p.ids[who.name], strings.TrimSpace(who.first+" "+who.last), r[0], r[1]); err != nil {
			return fmt.Errorf("put %s on the staff: %w", who.name, err)
		}
	}
	return nil
}

func (p *player) watch(name, person string, chat int64) {
	p.screens = append(p.screens, &screen{name: name, person: person, chat: chat, buttons: map[string][]press{}})
}

func (p *player) form(ctx context.Context, g group) error {
	var members []int64
	for _, name := range g.members {
		members = append(members, p.ids[name])
	}
	var made struct {
		ID int64 `json:"id"`
	}
	if err := p.sim.call(ctx, http.MethodPost, "groups", map[string]any{"title": g.name, "members": members}, &made); err != nil {
		return err
	}
	p.ids[g.name] = made.ID
	p.watch(g.name, g.members[0], made.ID)
	return nil
}

func (p *player) play(ctx context.Context) error {
	for i := range p.beats {
		b := &p.beats[i]
		if err := p.do(ctx, b.act); err != nil {
			return p.failure(i, fmt.Sprintf("cannot be played: %v", err))
		}
		p.seen = append(p.seen, nil)
		if b.act.hasty {
			p.played = i + 1
			continue
		}
		if err := p.settle(ctx, b); err != nil {
			return p.failure(i, err.Error())
		}
		p.seen[i], p.heard = p.heard, nil
		p.played = i + 1
		if err := p.breathe(ctx, b.act); err != nil {
			return p.failure(i, err.Error())
		}
		if p.update || b.act.skims || matched(b.act.screen(), b.wants, p.seen[i]) {
			continue
		}
		first := b.act.screen()
		return p.failure(i, "the bot does not say what the script expects (- expected, + said):\n"+
			difference(written(first, b.wants), written(first, p.seen[i])))
	}
	return nil
}

// breath is the seconds between reading an answer and doing the next thing: on
// a fast machine a script would else be quicker than any person.
const breath = 1

func (p *player) breathe(ctx context.Context, a action) error {
	if a.who == "" {
		return nil
	}
	return p.sim.call(ctx, http.MethodPost, "clock", map[string]float64{"advance_s": breath}, nil)
}

// longestRest is how long a bot on a busy machine may take to come to rest.
const longestRest = time.Minute

// settle waits until the bot is idle and, where answers are still missing, a
// while longer.
func (p *player) settle(ctx context.Context, b *beat) error {
	ctx, cancel := context.WithTimeout(ctx, longestRest)
	defer cancel()
	late := time.Now().Add(p.stage.Patience)
	for {
		if !p.down {
			if err := p.stage.Idle(ctx); err != nil {
				return fmt.Errorf("the bot does not come to rest: %w", err)
			}
		}
		if err := p.listen(ctx); err != nil {
			return err
		}
		done := p.update || b.act.skims || len(p.heard) >= len(b.wants) || p.down
		if done || time.Now().After(late) {
			return nil
		}
		if err := tick(ctx); err != nil {
			return err
		}
	}
}

// unpended waits until the bot has confirmed every update.
func (p *player) unpended(ctx context.Context) error {
	for {
		n, err := p.sim.pending(ctx)
		if err != nil || n == 0 {
			return err
		}
		if err := tick(ctx); err != nil {
			return fmt.Errorf("%d updates wait: %w", n, err)
		}
	}
}

// tick is the pause between two looks at a condition.
func tick(ctx context.Context) error {
	timer := time.NewTimer(3 * time.Millisecond)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// failure is the end of a play: where, why, and what was seen until then.
func (p *player) failure(at int, why string) error {
	b := &p.beats[at]
	var whole strings.Builder
	for i := range p.seen[:min(at+1, len(p.seen))] {
		p.tell(&whole, i, p.seen[i])
	}
	if len(p.seen) <= at {
		p.tell(&whole, at, nil)
	}
	for _, line := range written(b.act.screen(), p.heard) {
		fmt.Fprintln(&whole, line)
	}
	return fmt.Errorf("%s:%d: %s\n  %s\nThe whole conversation as it went:\n%s", p.name, b.line, p.lines[b.line-1], why, whole.String())
}

func (p *player) tell(out *strings.Builder, at int, seen []said) {
	b := &p.beats[at]
	if at > 0 && p.beats[at-1].line == b.line {
		fmt.Fprintln(out, "# then: "+strings.Join(b.act.said, "\n"))
	} else {
		fmt.Fprintln(out, strings.TrimRight(strings.Join(p.lines[b.line-1:b.from], "\n"), "\n"))
	}
	for _, line := range written(b.act.screen(), seen) {
		fmt.Fprintln(out, line)
	}
}
