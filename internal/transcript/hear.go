package transcript

import (
	"context"
	"fmt"
	"slices"
)

// listen takes in what everyone has seen since the last time.
func (p *player) listen(ctx context.Context) error {
	for _, who := range p.people {
		list, last, err := p.sim.events(ctx, p.ids[who.name], p.cursors[who.name])
		if err != nil {
			return err
		}
		p.cursors[who.name] = last
		for _, e := range list {
			if err := p.hear(who.name, e); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *player) hear(who string, e event) error {
	at := slices.IndexFunc(p.screens, func(s *screen) bool { return s.person == who && s.chat == e.chat(p.ids[who]) })
	if at < 0 {
		return nil // a group that somebody else watches
	}
	list, err := p.screens[at].see(e)
	for _, s := range list {
		p.heard = heardAlso(p.heard, s)
	}
	if err != nil {
		return err
	}
	if bad := unfinished(e.spoken(), p.typed.String()); bad != "" {
		return fmt.Errorf("the bot says %q:\n%s", bad, e.spoken())
	}
	return nil
}

// heardAlso adds what was heard. Of a message that changes again before anything
// else happens on its screen, as one that shows how far something is, the last
// counts: how often it does is a matter of time.
func heardAlso(heard []said, s said) []said {
	for i, before := range slices.Backward(heard) {
		if before.screen != s.screen {
			continue
		}
		if s.of == 0 || before.of != s.of {
			break
		}
		if before.what == saidEdited && s.what != saidEdited {
			break // its text has changed, too, which is to be seen
		}
		heard[i] = s
		return heard
	}
	return append(heard, s)
}
