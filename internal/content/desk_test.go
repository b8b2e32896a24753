package content

import (
	"strings"
	"testing"
)

// An office answers within days that somebody can wait for.
func TestDeskPolicy(t *testing.T) {
	s, err := Read("", "")
	if err != nil || s.Desk.AnswerDays != 1 || s.Sources["desk"].Name == "" {
		t.Errorf("%+v, %v", s.Desk, err)
	}
	text := builtInText(t, "desk.toml")
	for _, wrong := range []string{"0", "-1", "31"} {
		said := mistakes(t, map[string]string{"desk.toml": strings.Replace(text, "answer_days = 1", "answer_days = "+wrong, 1)})
		if !strings.Contains(said, "desk.toml:") || !strings.Contains(said, "1 to 30") {
			t.Errorf("%s days: %s", wrong, said)
		}
	}
	if said := mistakes(t, map[string]string{"desk.toml": strings.Replace(text, "since =", "# since =", 1)}); !strings.Contains(said, "no date since when") {
		t.Error(said)
	}
}
