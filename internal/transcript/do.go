package transcript

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// do carries out one action.
func (p *player) do(ctx context.Context, a action) error {
	if a.who == "" {
		return p.happen(ctx, a)
	}
	if p.down && !a.hasty {
		return fmt.Errorf("nobody answers while the bot is stopped; write %s>>", a.who)
	}
	fmt.Fprintln(&p.typed, a.text)
	if err := p.listen(ctx); err != nil { // so that the newest buttons are known
		return err
	}
	if simple := calls[a.verb]; simple != nil {
		what, body := simple(p, a)
		return p.post(ctx, a, what, body)
	}
	return deeds[a.verb](p, ctx, a)
}

// calls are the actions that are a single call of the simulator's.
var calls = map[verb]func(*player, action) (what string, body map[string]any){
	saysText: func(_ *player, a action) (string, map[string]any) { return "text", map[string]any{"text": a.text} },
	starts:   func(_ *player, a action) (string, map[string]any) { return "start", map[string]any{"payload": a.text} },
	sharesContact: func(p *player, a action) (string, map[string]any) {
		return "contact", p.contact(a.text)
	},
	sharesLocation: func(_ *player, a action) (string, map[string]any) {
		return "location", map[string]any{"latitude": a.at[0], "longitude": a.at[1]}
	},
	blocks:     func(*player, action) (string, map[string]any) { return "block", map[string]any{} },
	unblocks:   func(*player, action) (string, map[string]any) { return "unblock", map[string]any{} },
	clearsChat: func(*player, action) (string, map[string]any) { return "delete-chat", map[string]any{} },
}

// deeds are the actions that take more.
var deeds = map[verb]func(*player, context.Context, action) error{
	pressesInline: (*player).press,
	pressesOld:    (*player).press,
	pressesKey:    (*player).press,
	sendsFiles:    (*player).send,
	forwards:      (*player).forward,
	editsLast:     (*player).edit,
	opensLink:     (*player).open,
	scansCode:     (*player).scan,
}

// contact is the own card, another person's by name, or a stranger's number.
func (p *player) contact(whose string) map[string]any {
	if whose == "" {
		return map[string]any{}
	}
	if id, ok := p.ids[whose]; ok {
		return map[string]any{"user_id": id}
	}
	return map[string]any{"user_id": 0, "phone_number": whose}
}

func (p *player) post(ctx context.Context, a action, what string, body map[string]any) error {
	if a.where != "" {
		body["chat_id"] = p.ids[a.where]
	}
	return p.sim.call(ctx, http.MethodPost, p.path(a, what), body, nil)
}

func (p *player) path(a action, what string) string {
	return fmt.Sprintf("users/%d/%s", p.ids[a.who], what)
}

func (p *player) screen(name string) *screen {
	for _, s := range p.screens {
		if s.name == name {
			return s
		}
	}
	return nil
}

func (p *player) press(ctx context.Context, a action) error {
	s := p.screen(a.screen())
	if a.verb == pressesKey {
		id, ok := s.key(a.text)
		if !ok {
			return fmt.Errorf("there is no key {%s}; on the screen: %s", a.text, s.labels())
		}
		return p.post(ctx, a, "press", map[string]any{"message_id": id, "text": a.text})
	}
	b, ok := s.inline(a.text, a.verb == pressesOld)
	switch {
	case !ok:
		return fmt.Errorf("there is no button [%s]; on the screen: %s", a.text, s.labels())
	case b.data == "":
		return p.post(ctx, a, "press", map[string]any{"message_id": b.message, "text": a.text})
	}
	return p.post(ctx, a, "press", map[string]any{"message_id": b.message, "data": b.data})
}

func (p *player) forward(ctx context.Context, a action) error {
	passes := []func(*message) bool{
		func(m *message) bool { return m.says() == a.text },
		func(m *message) bool { return strings.Contains(m.says(), a.text) },
	}
	for _, says := range passes {
		if m, ok := p.screen(a.who).newest(says); ok {
			return p.post(ctx, a, "forward", map[string]any{"message_id": m.ID})
		}
		for _, who := range p.people {
			if m, ok := p.screen(who.name).newest(says); ok {
				return p.post(ctx, a, "forward", map[string]any{"message_id": m.ID, "from_user_id": p.ids[who.name]})
			}
		}
	}
	return fmt.Errorf("no message says %q", a.text)
}

var linkForm = regexp.MustCompile(`https://t\.me/\w+\?start=([A-Za-z0-9_-]+)`)

// open follows the newest link to the bot on somebody's screen.
func (p *player) open(ctx context.Context, a action) error {
	s := p.screen(a.text)
	if s == nil {
		return fmt.Errorf("whose screen the link is on is written <tautan rina>")
	}
	m, ok := s.newest(func(m *message) bool { return linkForm.MatchString(m.says()) })
	if !ok {
		return fmt.Errorf("there is no link on %s's screen", a.text)
	}
	payload := linkForm.FindStringSubmatch(m.says())[1]
	return p.post(ctx, a, "start", map[string]any{"payload": payload})
}

// scan opens the bot by the link in a code that stands before the person.
func (p *player) scan(ctx context.Context, a action) error {
	if p.stage.Code == nil {
		return fmt.Errorf("there are no codes on this stage")
	}
	payload, err := p.stage.Code(ctx, a.text)
	if err != nil {
		return err
	}
	return p.post(ctx, a, "start", map[string]any{"payload": payload})
}

func (p *player) edit(ctx context.Context, a action) error {
	own := func(m *message) bool { return m.From.ID == p.ids[a.who] && m.says() != "" && m.Origin == nil }
	m, ok := p.screen(a.screen()).newest(own)
	if !ok {
		return fmt.Errorf("%s has no message to change", a.who)
	}
	return p.post(ctx, a, "edit", map[string]any{"message_id": m.ID, "text": a.text})
}

func (p *player) send(ctx context.Context, a action) error {
	var names []string
	var contents [][]byte
	for _, f := range a.files {
		name, content, err := p.load(f)
		if err != nil {
			return err
		}
		names, contents = append(names, name), append(contents, content)
	}
	return p.sim.upload(ctx, p.path(a, a.files[0].kind), names, contents)
}

// load reads a named file from beside the script or makes a small one.
func (p *player) load(f file) (name string, content []byte, err error) {
	if f.name != "" {
		content, err = os.ReadFile(filepath.Join(p.files, filepath.Base(f.name)))
		if err == nil {
			return f.name, content, nil
		}
		if p.stage.File != nil {
			if content, ok := p.stage.File(f.name); ok {
				return f.name, content, nil
			}
		}
		return "", nil, fmt.Errorf("the file must lie beside the script or be one of the stage's: %w", err)
	}
	switch f.kind {
	case "photo":
		var b bytes.Buffer
		if err := jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8)), nil); err != nil {
			return "", nil, fmt.Errorf("make a photo: %w", err)
		}
		return "foto.jpg", b.Bytes(), nil
	case "document":
		return "dokumen.pdf", []byte("%PDF-1.4\n%%EOF\n"), nil
	case "voice":
		return "suara.oga", []byte("OggS"), nil
	}
	return "stiker.webp", []byte("RIFF\x04\x00\x00\x00WEBP"), nil
}

// happen carries out what is nobody's doing.
func (p *player) happen(ctx context.Context, a action) error {
	if a.verb == advances {
		return p.sim.call(ctx, http.MethodPost, "clock", map[string]float64{"advance_s": a.hours * 3600}, nil)
	}
	if a.verb == restores {
		return p.restore(ctx, a)
	}
	if a.verb == arranges {
		return p.arrange(ctx, a)
	}
	if a.verb == stops || a.verb == restarts {
		if err := p.turn(ctx, p.stage.Stop, true); err != nil {
			return err
		}
	}
	if a.verb == stops {
		return nil
	}
	return p.turn(ctx, p.stage.Start, false)
}

// restore puts a form in the way as an earlier release kept it.
func (p *player) restore(ctx context.Context, a action) error {
	if p.stage.Restore == nil {
		return fmt.Errorf("no release's forms are kept on this stage")
	}
	return p.stage.Restore(ctx, p.ids[a.whose], a.release, a.step)
}

// arrange has the stage do what a script cannot say in the chat.
func (p *player) arrange(ctx context.Context, a action) error {
	if p.stage.Arrange == nil {
		return fmt.Errorf("nothing can be arranged for %s on this stage", a.whose)
	}
	return p.stage.Arrange(ctx, p.ids[a.whose], a.text)
}

// turn switches the bot on or off.
func (p *player) turn(ctx context.Context, how func(context.Context) error, down bool) error {
	if how == nil {
		return fmt.Errorf("the bot cannot be stopped or started on this stage")
	}
	if p.down == down {
		return fmt.Errorf("the bot is stopped already, or was never stopped")
	}
	if err := how(ctx); err != nil {
		return err
	}
	p.down = down
	return nil
}
