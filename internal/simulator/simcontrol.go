package simulator

import (
	"encoding/json"
	"time"

	"umkmbot/internal/simulator/limits"
)

// simAddFault sets a fault.
func (s *Server) simAddFault(c *simCall) (any, *simFail) {
	source, err := json.Marshal(c.body)
	if err != nil {
		return nil, simBad("the fault can't be read")
	}
	f := &fault{}
	if err := json.Unmarshal(source, f); err != nil {
		return nil, simBad("the fault can't be read: %v", err)
	}
	if wrong := f.prepare(s.Now()); wrong != "" {
		return nil, simBad("%s", wrong)
	}
	s.faults.add(f)
	return json.RawMessage(`{"ok":true}`), nil
}

func (s *Server) simClearFaults(*simCall) (any, *simFail) {
	s.faults.clear()
	return json.RawMessage(`{"ok":true}`), nil
}

// simFaults lists the faults in force.
func (s *Server) simFaults(*simCall) (any, *simFail) { return s.faults.current(s.Now()), nil }

func (l *faultList) current(now time.Time) []fault {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := []fault{}
	for _, f := range l.list {
		if f.left != 0 && (f.until.IsZero() || now.Before(f.until)) {
			list = append(list, *f)
		}
	}
	return list
}

// clockView is what the clock shows.
type clockView struct {
	Now     float64 `json:"now"` // Unix seconds
	OffsetS float64 `json:"offset_s"`
}

func (s *Server) simClock(*simCall) (any, *simFail) {
	return clockView{float64(s.Now().UnixMilli()) / 1000, time.Duration(s.offset.Load()).Seconds()}, nil
}

// simAdvance moves the clock ahead.
func (s *Server) simAdvance(c *simCall) (any, *simFail) {
	if !c.body.has("advance_s") {
		return nil, simBad("advance_s is missing")
	}
	seconds, fail := c.float("advance_s")
	if fail != nil {
		return nil, fail
	}
	const tenYears = 10 * 365 * 24 * 3600
	if seconds < 0 || seconds > tenYears {
		return nil, simBad("the clock can be moved ahead only, by ten years at most")
	}
	s.Advance(time.Duration(seconds * float64(time.Second)))
	return s.simClock(c)
}

// simLimits switches Telegram's limits on or off.
func (s *Server) simLimits(c *simCall) (any, *simFail) {
	if !c.body.has("enforce") {
		return nil, simBad("enforce is missing")
	}
	enforce, fail := c.bool("enforce")
	if fail != nil {
		return nil, fail
	}
	set := limits.Settings{Enforce: enforce}
	for name, target := range map[string]*float64{"per_second": &set.PerSecond, "per_chat_second": &set.PerChatSecond} {
		if !c.body.has(name) {
			continue
		}
		if *target, fail = c.float(name); fail != nil {
			return nil, fail
		}
		if *target < 0 {
			return nil, simBad("%s can't be negative", name)
		}
	}
	s.world.RLock()
	defer s.world.RUnlock()
	s.setLimits(set)
	s.journal.append(record{Limits: &set})
	return json.RawMessage(`{"ok":true}`), nil
}

func (s *Server) setLimits(set limits.Settings) {
	s.limits.Store(&set)
	s.limiter.Set(set)
}

func (s *Server) simStats(*simCall) (any, *simFail) { return s.statistics(), nil }

// simBot tells who the bot is and which commands a person sees, given by
// user_id or language_code.
func (s *Server) simBot(c *simCall) (any, *simFail) {
	user, fail := c.query("user_id")
	if fail != nil {
		return nil, fail
	}
	language := c.r.URL.Query().Get("language_code")
	if p := s.dir.person(user); p != nil && language == "" {
		language = p.Language
	}
	b := appendUser(nil, s.bot)
	b = appendRaw(b[:len(b)-1], "commands", s.settings.commandsFor(user, language))
	b = appendRaw(b, "menu_button", s.settings.menu(user))
	return json.RawMessage(append(b, '}')), nil
}
