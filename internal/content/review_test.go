package content

import (
	"strings"
	"testing"
)

func TestReview(t *testing.T) {
	t.Parallel()
	if s := builtInSet(t); s.OverdueDays != 3 || s.Sources["review"].Name == "" {
		t.Errorf("%d days, source %+v", s.OverdueDays, s.Sources["review"])
	}
	text := builtInText(t, "review.toml")
	for _, wrong := range []string{"0", "61", "-1"} {
		said := mistakes(t, map[string]string{"review.toml": strings.Replace(text, "overdue_workdays = 3", "overdue_workdays = "+wrong, 1)})
		if !strings.Contains(said, "review.toml") || !strings.Contains(said, "from 1 to 60") {
			t.Errorf("%s days: %s", wrong, said)
		}
	}
	if said := mistakes(t, map[string]string{"review.toml": strings.Replace(text, "source =", "# source =", 1)}); !strings.Contains(said, "no source") {
		t.Errorf("without a source: %s", said)
	}
}
