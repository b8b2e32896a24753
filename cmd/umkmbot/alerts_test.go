package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// alertRule is what Prometheus reads of a rule.
type alertRule struct {
	Alert       string            `yaml:"alert"`
	Expr        string            `yaml:"expr"`
	For         string            `yaml:"for"`
	Labels      map[string]string `yaml:"labels"`
	Annotations map[string]string `yaml:"annotations"`
}

func readAlerts(t *testing.T) []alertRule {
	t.Helper()
	raw, err := os.ReadFile(filepath.FromSlash("../../deploy/prometheus/alerts.yml"))
	if err != nil {
		t.Fatal(err)
	}
	var file struct {
		Groups []struct {
			Name  string      `yaml:"name"`
			Rules []alertRule `yaml:"rules"`
		} `yaml:"groups"`
	}
	if err := yaml.Unmarshal(raw, &file); err != nil {
		t.Fatal(err)
	}
	var all []alertRule
	for _, g := range file.Groups {
		all = append(all, g.Rules...)
	}
	return all
}

var (
	notFigures = regexp.MustCompile(`"[^"]*"|\{[^}]*\}|\[[^\]]*\]|\b(by|on|without) \([^)]*\)`)
	names      = regexp.MustCompile(`[a-zA-Z_][a-zA-Z0-9_]*`)
	matchers   = regexp.MustCompile(`([a-zA-Z_0-9]+)\{([a-z_]+)(=|=~|!=)"`)
	// promWords are PromQL's own; up is Prometheus's, of each replica.
	promWords = []string{"and", "or", "avg_over_time", "sum", "max", "rate", "increase", "changes", "absent", "histogram_quantile", "time", "hour", "up", "e6"}
)

// figuresIn names the figures that an expression asks for.
func figuresIn(expr string) []string {
	var out []string
	for _, name := range names.FindAllString(notFigures.ReplaceAllString(expr, " "), -1) {
		if !slices.Contains(promWords, name) {
			out = append(out, name)
		}
	}
	return out
}

// Every alert asks for figures and labels that a running bot shows, says what
// to do, and leads to a section that is there.
func TestAlertsAskForWhatIsShown(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1})
	p := o.person()
	p.say("/menu")
	p.sees("Silakan pilih")
	o.settled()
	var shown string
	o.wait("the queue at Telegram is known", func() bool {
		shown = o.replicas[0].page(t, "/metrics")
		return strings.Contains(shown, "\numkmbot_telegram_updates_pending ")
	})
	sections, script := sectionsOf(t, "../../docs/operations.md"), read(t, "backup.sh")
	rules := readAlerts(t)
	if len(rules) < 20 {
		t.Fatalf("%d rules", len(rules))
	}
	seen := map[string]bool{}
	for _, r := range rules {
		if seen[r.Alert] || r.Alert == "" {
			t.Errorf("%q is no name, or twice", r.Alert)
		}
		seen[r.Alert] = true
		figures := figuresIn(r.Expr)
		if len(figures) == 0 && !strings.Contains(r.Expr, "up{") {
			t.Errorf("%s asks for nothing: %s", r.Alert, r.Expr)
		}
		for _, name := range figures {
			if strings.Contains(script, `echo "`+name+` $(`) {
				continue // backup.sh's, by node_exporter
			}
			if !strings.Contains(shown, "\n"+name+" ") && !strings.Contains(shown, "\n"+name+"{") {
				t.Errorf("%s asks for %s, which is not shown", r.Alert, name)
			}
		}
		for _, m := range matchers.FindAllStringSubmatch(r.Expr, -1) {
			if m[2] != "job" && !strings.Contains(shown, "\n"+m[1]+"{") {
				t.Errorf("%s asks for a label %s that %s has not", r.Alert, m[2], m[1])
			}
		}
		if s := r.Labels["severity"]; s != "page" && s != "ticket" {
			t.Errorf("%s has severity %q", r.Alert, s)
		}
		if r.Annotations["summary"] == "" || r.Annotations["action"] == "" {
			t.Errorf("%s does not say what to do", r.Alert)
		}
		file, section, _ := strings.Cut(r.Annotations["runbook"], "#")
		if file != "docs/operations.md" || !slices.Contains(sections, section) {
			t.Errorf("%s leads to %q, which is nowhere", r.Alert, r.Annotations["runbook"])
		}
	}
}

// Every figure of the program's own stands in docs/operations.md. There
// `umkmbot_lanes_chats`, `…_waiting` in one row are two figures.
func TestFiguresAreListed(t *testing.T) {
	t.Parallel()
	o := newOffice(t, plan{replicas: 1})
	var page string
	o.wait("the queue at Telegram is known", func() bool {
		page = o.replicas[0].page(t, "/metrics")
		return strings.Contains(page, "\numkmbot_telegram_updates_pending ")
	})
	raw, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{}
	for row := range strings.Lines(string(raw)) {
		var before []string
		for _, m := range regexp.MustCompile("`(umkmbot_|…)([a-z_]+)`").FindAllStringSubmatch(row, -1) {
			if m[1] == "umkmbot_" {
				before = append(before, m[1]+m[2])
				listed[m[1]+m[2]] = true
				continue
			}
			for _, name := range before {
				for i := range name {
					listed[name[:i]+m[2]] = true
				}
				listed[name+m[2]] = true
			}
		}
	}
	shown := regexp.MustCompile(`(?m)^# TYPE (umkmbot_[a-z_]+) `).FindAllStringSubmatch(page, -1)
	if len(shown) < 30 {
		t.Errorf("only %d figures", len(shown))
	}
	for _, m := range shown {
		if !listed[m[1]] {
			t.Errorf("operations.md does not list %s", m[1])
		}
	}
}

// What promtool is told to try are alerts that there are.
func TestAlertsTriedAreThere(t *testing.T) {
	t.Parallel()
	var known []string
	for _, r := range readAlerts(t) {
		known = append(known, r.Alert)
	}
	tried := regexp.MustCompile(`Umkmbot[A-Za-z]+`).FindAllString(read(t, "prometheus/alerts.test.yml"), -1)
	for _, name := range tried {
		if !slices.Contains(known, name) {
			t.Errorf("there is no alert %s", name)
		}
	}
	if len(tried) < 5 {
		t.Errorf("only %d are tried", len(tried))
	}
}

// page is what a replica answers a GET with.
func (m *member) page(t testing.TB, path string) string {
	t.Helper()
	w := httptest.NewRecorder()
	m.handler.ServeHTTP(w, httptest.NewRequest(http.MethodGet, path, http.NoBody))
	return w.Body.String()
}

// sectionsOf are the anchors of a document's headings.
func sectionsOf(t *testing.T, file string) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.FromSlash(file))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for line := range strings.Lines(string(text)) {
		if heading, ok := strings.CutPrefix(strings.TrimLeft(line, "#"), " "); ok && strings.HasPrefix(line, "##") {
			plain := regexp.MustCompile(`[^a-z0-9 -]`).ReplaceAllString(strings.ToLower(strings.TrimSpace(heading)), "")
			out = append(out, strings.ReplaceAll(plain, " ", "-"))
		}
	}
	return out
}
