package main

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"io/fs"
	"maps"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/alecthomas/kong"
	"github.com/prometheus/client_golang/prometheus"
	"go.yaml.in/yaml/v3"
)

const deployFolder = "../../deploy"

// ours are the images of this program.
var ours = regexp.MustCompile(`^(registry\.example\.go\.id/)?umkmbot:`)

// scripted are the images that have the scripts of backups in them.
var scripted = regexp.MustCompile(`^(registry\.example\.go\.id/)?umkmbot-backup:`)

// node is any YAML value.
type node = any

// at goes down by keys; nil where there is none.
func at(n node, keys ...string) node {
	for _, k := range keys {
		m, ok := n.(map[string]any)
		if !ok {
			return nil
		}
		n = m[k]
	}
	return n
}

// words are a list's texts.
func words(n node) (out []string) {
	list, _ := n.([]any)
	for _, v := range list {
		s, _ := v.(string)
		out = append(out, s)
	}
	return out
}

// deployed reads every YAML file of a folder below deploy; each may hold several
// documents.
func deployed(t *testing.T, folder string) (all []node) {
	t.Helper()
	err := filepath.WalkDir(filepath.Join(deployFolder, folder), func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !slices.Contains([]string{".yml", ".yaml"}, filepath.Ext(path)) {
			return err
		}
		file, err := os.Open(path)
		if err != nil {
			return err
		}
		defer file.Close()
		for decoder := yaml.NewDecoder(bufio.NewReader(file)); ; {
			var doc map[string]any
			switch err := decoder.Decode(&doc); {
			case errors.Is(err, io.EOF):
				return nil
			case err != nil:
				t.Errorf("%s: %v", path, err)
				return nil
			}
			all = append(all, doc)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// everywhere calls f for each map within n.
func everywhere(n node, f func(map[string]any)) {
	switch v := n.(type) {
	case map[string]any:
		f(v)
		for _, inner := range v {
			everywhere(inner, f)
		}
	case []any:
		for _, inner := range v {
			everywhere(inner, f)
		}
	}
}

// settingsOf are a command's settings by their environment names, and of those
// without which it does not run one of each group.
func settingsOf(t *testing.T, command string) (known []string, required [][]string) {
	t.Helper()
	parser, err := kong.New(&cli{})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range parser.Model.Children {
		if c.Name != command {
			continue
		}
		for _, f := range c.Flags {
			known = append(known, f.Envs...)
			if f.Required {
				required = append(required, f.Envs)
			}
		}
	}
	return known, required
}

// suits compares what a command is given with what it knows and needs. A secret
// that several commands share may have more than one of them reads.
func suits(t *testing.T, where, command string, given, shared []string) {
	t.Helper()
	known, required := settingsOf(t, command)
	if len(known) == 0 {
		t.Errorf("%s runs %q, which is no command", where, command)
	}
	for _, name := range given {
		if !slices.Contains(known, name) {
			t.Errorf("%s gives %s, which %s does not read", where, name, command)
		}
	}
	for _, one := range required {
		if !slices.ContainsFunc(one, func(name string) bool { return slices.Contains(given, name) || slices.Contains(shared, name) }) {
			t.Errorf("%s does not give %s, which %s needs", where, strings.Join(one, " or "), command)
		}
	}
}

// TestComposeSuitsTheProgram holds compose.yml against the settings.
func TestComposeSuitsTheProgram(t *testing.T) {
	var replicas int
	services, _ := at(deployed(t, "compose.yml")[0], "services").(map[string]any)
	example := mentioned(t, "compose.env.example")
	for name, s := range services {
		image, _ := at(s, "image").(string)
		if !ours.MatchString(image) {
			continue
		}
		command := "serve"
		if given := words(at(s, "command")); len(given) > 0 {
			command = given[0]
		} else {
			replicas++
			longEnough(t, name, at(s, "stop_grace_period"))
		}
		env, _ := at(s, "environment").(map[string]any)
		suits(t, name, command, slices.Collect(maps.Keys(env)), nil)
		if command == "serve" {
			reached(t, name, env)
			if folder, _ := env["CONTENT_DIR"].(string); !slices.Contains(words(at(s, "volumes")), "./content:"+folder+":ro") {
				t.Errorf("%s has no content mounted at %q", name, folder)
			}
		}
	}
	if replicas < 2 {
		t.Errorf("%d replicas", replicas)
	}
	for name, s := range services {
		if at(s, "logging", "options", "max-size") == nil {
			t.Errorf("the log of %s grows without bound", name)
		}
	}
	built := map[string]string{}
	for name, s := range services {
		if image, _ := at(s, "image").(string); at(s, "build") != nil && built[image] != "" {
			t.Errorf("%s and %s both build %s: one leaves an image without a name", name, built[image], image)
		} else if at(s, "build") != nil {
			built[image] = name
		}
	}
	if len(built) != 2 {
		t.Errorf("built are %v", built)
	}
	raw := read(t, "compose.yml")
	for _, m := range regexp.MustCompile(`\$\{([A-Z0-9_]+)`).FindAllStringSubmatch(raw, -1) {
		if !slices.Contains(example, m[1]) {
			t.Errorf("compose.env.example lacks %s", m[1])
		}
	}
}

// reached: whatever serve can be told, a service passes on to it. What .env does
// not say Compose leaves out.
func reached(t *testing.T, service string, env map[string]any) {
	t.Helper()
	known, _ := settingsOf(t, "serve")
	for _, name := range known {
		if _, ok := env[name]; !ok {
			t.Errorf("%s does not pass on %s", service, name)
		}
	}
}

// called are the words behind a command of Compose's that takes a service first.
var called = regexp.MustCompile(`docker compose (?:-p practice )?(?:kill -s HUP|up -d(?: --wait)?|rm --stop --force|run --rm(?: -T)?|exec|stop|restart|logs) ([a-z0-9][a-z0-9 ]*)`)

// TestComposeIsCalledByItsServices: what documents have people type names
// services that there are.
func TestComposeIsCalledByItsServices(t *testing.T) {
	services, _ := at(deployed(t, "compose.yml")[0], "services").(map[string]any)
	documents, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	documents = append(documents, "../../README.md", filepath.Join(deployFolder, "compose.yml"))
	n := 0
	for _, file := range documents {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range called.FindAllStringSubmatch(string(raw), -1) {
			n++
			if first := strings.Fields(m[1])[0]; services[first] == nil {
				t.Errorf("%s has %q, and there is no service %s", file, m[0], first)
			}
		}
	}
	if n < 4 {
		t.Errorf("only %d calls", n)
	}
}

// TestComposeKnowsItsImages holds what came out when Docker first ran them. Docker
// takes a HUP sent by "docker compose kill", which documents have people do, for the
// end of "unless-stopped", and of any restart where no signal is known to be the one
// that stops. What "always" brings back after a reboot must then be gone for a
// restore, and not only stopped.
func TestComposeKnowsItsImages(t *testing.T) {
	services, _ := at(deployed(t, "compose.yml")[0], "services").(map[string]any)
	for _, name := range []string{"bot1", "bot2"} {
		if at(services, name, "restart") != "always" || at(services, name, "stop_signal") != "SIGTERM" {
			t.Errorf("%s does not start again once it has had a HUP", name)
		}
	}
	if !strings.Contains(readDoc(t, "Dockerfile"), "\nSTOPSIGNAL SIGTERM\n") {
		t.Error("nor does one that a plain docker run has started")
	}
	for name, s := range services {
		if image, _ := at(s, "image").(string); (ours.MatchString(image) || scripted.MatchString(image)) && at(s, "pull_policy") != "never" {
			t.Errorf("%s looks for its image in a registry of others", name)
		}
	}
	if docs := readDoc(t, "docs/operations.md"); !strings.Contains(docs, "\ndocker compose rm --stop --force bot1 bot2 ") {
		t.Error("a reboot in the middle of a restore would start the replicas")
	}
	if healthy := words(at(services, "postgres", "healthcheck", "test")); !slices.Contains(healthy, "127.0.0.1") {
		t.Errorf("%v says yes before a new database can be reached", healthy)
	}
	if !strings.Contains(read(t, "compose.yml"), "\n#   docker compose up -d --wait bot1 && docker compose up -d --wait bot2\n") {
		t.Error("a new version that does not start takes the place of both replicas")
	}
	redis := strings.Join(words(at(services, "redis", "command")), " ")
	if !strings.Contains(redis, "exec docker-entrypoint.sh redis-server ") {
		t.Errorf("redis runs as root: %s", redis)
	}
}

// longEnough: whoever stops the bot waits longer than it drains.
func longEnough(t *testing.T, where string, given node) {
	t.Helper()
	text, _ := given.(string)
	if d, err := time.ParseDuration(text); err != nil || d < drain+5*time.Second {
		t.Errorf("%s is given %q to stop, and needs %s", where, text, drain)
	}
}

// TestKubernetesSuitsTheProgram holds the manifests against the settings.
func TestKubernetesSuitsTheProgram(t *testing.T) {
	all := deployed(t, "kubernetes")
	given := configured(all)
	commands := map[string]bool{}
	for _, doc := range all {
		pod := at(doc, "spec", "template", "spec")
		containers, _ := at(pod, "containers").([]any)
		for _, c := range containers {
			if image, _ := at(c, "image").(string); !ours.MatchString(image) {
				continue
			}
			command := words(at(c, "args"))[0]
			own, shared := environment(c, given)
			commands[command] = true
			suits(t, "the container of "+command, command, own, shared)
			if seconds, _ := at(pod, "terminationGracePeriodSeconds").(int); command == "serve" {
				longEnough(t, "the pod", strconv.Itoa(seconds)+"s")
			}
		}
	}
	if !commands["serve"] || !commands["migrate"] {
		t.Errorf("only %v are run", commands)
	}
	known, _ := settingsOf(t, "serve")
	for _, name := range given["Secret umkmbot"] {
		if !slices.Contains(known, name) && name != "DATABASE_DIRECT_URL" {
			t.Errorf("the secret has %s, which nobody reads", name)
		}
	}
}

// TestKubernetesMountsContent: what kustomization.yaml makes of the office's content
// lies where the settings look for it.
func TestKubernetesMountsContent(t *testing.T) {
	var folder, made node
	mounted := map[string]string{} // paths by ConfigMap
	for _, doc := range deployed(t, "kubernetes") {
		if at(doc, "kind") == "ConfigMap" && at(doc, "metadata", "name") == "umkmbot" {
			folder = at(doc, "data", "CONTENT_DIR")
		}
		if generators, _ := at(doc, "configMapGenerator").([]any); len(generators) == 1 {
			made = at(generators[0], "name")
		}
		volumes, _ := at(doc, "spec", "template", "spec", "volumes").([]any)
		for _, v := range volumes {
			everywhere(doc, func(m map[string]any) {
				if config, ok := at(v, "configMap", "name").(string); ok && m["mountPath"] != nil && m["name"] == at(v, "name") {
					mounted[config], _ = m["mountPath"].(string)
				}
			})
		}
	}
	name, _ := made.(string)
	if folder == nil || mounted[name] != folder {
		t.Errorf("content is looked for at %v, and %v is mounted: %v", folder, made, mounted)
	}
}

// TestKubernetesSaysWhatToReplace: the steps name each file in which a name of the
// office's own belongs, and the policy each port that a setting may need.
func TestKubernetesSaysWhatToReplace(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(deployFolder, "kubernetes", "*.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	steps, _, _ := strings.Cut(read(t, "kubernetes/kustomization.yaml"), "\napiVersion")
	example := regexp.MustCompile(`\b[a-z0-9]+\.example\.(go\.id|internal)`)
	n := 0
	for _, file := range files {
		name := filepath.Base(file)
		for _, host := range example.FindAllString(read(t, "kubernetes/"+name), -1) {
			n++
			line := regexp.MustCompile(`(?m)^# .*` + regexp.QuoteMeta(host) + `.*\b` + regexp.QuoteMeta(strings.Replace(name, ".example.", ".", 1)))
			if name != "kustomization.yaml" && !line.MatchString(steps) {
				t.Errorf("the steps do not say that %s stands in %s", host, name)
			}
		}
	}
	if n < 10 {
		t.Errorf("only %d examples", n)
	}
	policy := read(t, "kubernetes/networkpolicy.yaml")
	for what, port := range map[string]string{"Redis": "6379", "Sentinel": "26379", "the object store": "9000", "clamd": "3310"} {
		if !strings.Contains(policy, "port: "+port+" ") {
			t.Errorf("the policy does not say how to reach %s", what)
		}
	}
}

// TestKubernetesExchangesPodsUnnoticed: what takes connections gets time until no
// more are passed to it, and of its replicas one goes after another.
func TestKubernetesExchangesPodsUnnoticed(t *testing.T) {
	budgets, deployments := map[any]bool{}, 0
	all := deployed(t, "kubernetes")
	for _, doc := range all {
		if at(doc, "kind") == "PodDisruptionBudget" && at(doc, "spec", "maxUnavailable") == 1 {
			budgets[at(doc, "spec", "selector", "matchLabels", "app")] = true
		}
	}
	for _, doc := range all {
		if at(doc, "kind") != "Deployment" {
			continue
		}
		deployments++
		name := at(doc, "metadata", "name")
		if !budgets[at(doc, "spec", "template", "metadata", "labels", "app")] {
			t.Errorf("all replicas of %v may be taken at once", name)
		}
		containers, _ := at(doc, "spec", "template", "spec", "containers").([]any)
		for _, c := range containers {
			if at(c, "lifecycle", "preStop") == nil {
				t.Errorf("%v stops while it is still passed connections", name)
			}
		}
	}
	if deployments < 2 {
		t.Errorf("only %d deployments", deployments)
	}
}

// TestKubernetesNamesAreHosts: a pod's host is called as what makes it, and a host's
// name has no dots. The steps wait for the job that there is.
func TestKubernetesNamesAreHosts(t *testing.T) {
	n := 0
	for _, doc := range deployed(t, "kubernetes") {
		kind, _ := at(doc, "kind").(string)
		name, _ := at(doc, "metadata", "name").(string)
		if !slices.Contains([]string{"Deployment", "CronJob", "Job", "Pod"}, kind) {
			continue
		}
		n++
		if strings.Contains(name, ".") {
			t.Errorf("%s %s has a dot", kind, name)
		}
		if kind == "Job" && !strings.Contains(read(t, "kubernetes/kustomization.yaml"), " job/"+name+"\n") {
			t.Errorf("the steps do not wait for %s", name)
		}
	}
	if n < 6 {
		t.Errorf("only %d names", n)
	}
}

// configured are the values' names of every ConfigMap and Secret, by kind and name.
func configured(all []node) map[string][]string {
	given := map[string][]string{}
	for _, doc := range all {
		kind, _ := at(doc, "kind").(string)
		name, _ := at(doc, "metadata", "name").(string)
		for _, key := range []string{"data", "stringData"} {
			values, _ := at(doc, key).(map[string]any)
			given[kind+" "+name] = append(given[kind+" "+name], slices.Collect(maps.Keys(values))...)
		}
	}
	return given
}

// environment is what a container gets: by itself and its configuration, and
// out of secrets that it shares.
func environment(container node, given map[string][]string) (own, shared []string) {
	from, _ := at(container, "envFrom").([]any)
	for _, f := range from {
		if name, ok := at(f, "configMapRef", "name").(string); ok {
			own = append(own, given["ConfigMap "+name]...)
		}
		if name, ok := at(f, "secretRef", "name").(string); ok {
			shared = append(shared, given["Secret "+name]...)
		}
	}
	env, _ := at(container, "env").([]any)
	for _, e := range env {
		name, _ := at(e, "name").(string)
		own = append(own, name)
	}
	return own, shared
}

// TestUnitSuitsTheProgram holds the systemd unit and its settings against the
// program.
func TestUnitSuitsTheProgram(t *testing.T) {
	suits(t, "umkmbot.env.example", "serve", assigned(t, "umkmbot.env.example"), nil)
	unit := read(t, "umkmbot.service")
	for _, command := range []string{"serve", "migrate"} {
		if !strings.Contains(unit, "/usr/local/bin/umkmbot "+command+"\n") {
			t.Errorf("the unit does not run %s", command)
		}
	}
	// A small installation has no procps, and so no /bin/kill.
	if !strings.Contains(unit, "\nExecReload=/bin/sh -c \"kill -HUP $MAINPID\"\n") {
		t.Error("the unit does not reload with what every machine has")
	}
	m := regexp.MustCompile(`(?m)^TimeoutStopSec=(\d+)$`).FindStringSubmatch(unit)
	if m == nil {
		t.Fatal("the unit has no TimeoutStopSec in seconds")
	}
	longEnough(t, "the unit", m[1]+"s")
}

// TestImagesArePinned: what runs tomorrow is what runs today.
func TestImagesArePinned(t *testing.T) {
	n := 0
	for _, doc := range deployed(t, "") {
		everywhere(doc, func(m map[string]any) {
			image, ok := m["image"].(string)
			if !ok {
				return
			}
			n++
			_, tag, _ := strings.Cut(image[strings.LastIndexByte(image, '/')+1:], ":")
			if !ours.MatchString(image) && !scripted.MatchString(image) && !regexp.MustCompile(`\d+\.\d+\.\d+|\d{4}-\d\d-\d\d|^\d+\.\d+-`).MatchString(tag) || tag == "" || tag == "latest" {
				t.Errorf("%s is not pinned", image)
			}
		})
	}
	if n < 8 {
		t.Errorf("only %d images", n)
	}
}

// TestProbesAskWhatAnswers: probes and proxies know the program's addresses.
func TestProbesAskWhatAnswers(t *testing.T) {
	a := &app{metrics: prometheus.NewRegistry()}
	mux, ok := a.handler().(*http.ServeMux)
	if !ok {
		t.Fatal("the program's addresses are no ServeMux")
	}
	answers := func(where, path string) {
		if _, pattern := mux.Handler(httptest.NewRequest(http.MethodGet, path, http.NoBody)); pattern == "" {
			t.Errorf("%s asks %s, where nothing answers", where, path)
		}
	}
	probes := 0
	for _, doc := range deployed(t, "kubernetes") {
		everywhere(doc, func(m map[string]any) {
			if path, ok := at(m["httpGet"], "path").(string); ok {
				probes++
				answers("a probe", path)
				patient(t, path, m["timeoutSeconds"])
			}
		})
	}
	if probes < 3 {
		t.Errorf("%d probes", probes)
	}
	answers("prometheus", "/metrics")
	caddy := read(t, "Caddyfile")
	m := regexp.MustCompile(`health_uri (\S+)`).FindStringSubmatch(caddy)
	if m == nil {
		t.Fatal("Caddy does not look whether replicas are well")
	}
	answers("Caddy", m[1])
	for _, want := range []string{"handle /telegram {", "bot1:8080", "bot2:8080"} {
		if !strings.Contains(caddy, want) {
			t.Errorf("the Caddyfile lacks %q", want)
		}
	}
}

// patient: whoever asks /readyz waits until the program has waited for others.
// Without a setting Kubernetes waits for a second.
func patient(t *testing.T, path string, given node) {
	t.Helper()
	seconds, ok := given.(int)
	if !ok {
		seconds = 1
	}
	if path == "/readyz" && time.Duration(seconds)*time.Second <= readyTime {
		t.Errorf("a probe waits %d s for /readyz, which may take %s", seconds, readyTime)
	}
}

// assigned are the names that a file of settings gives.
func assigned(t *testing.T, name string) (names []string) {
	t.Helper()
	for line := range strings.Lines(read(t, name)) {
		if key, _, ok := strings.Cut(line, "="); ok && !strings.HasPrefix(line, "#") {
			names = append(names, key)
		}
	}
	return names
}

// mentioned are those too that it only shows, behind a #.
func mentioned(t *testing.T, name string) (names []string) {
	t.Helper()
	for _, m := range regexp.MustCompile(`(?m)^#?([A-Z0-9_]+)=`).FindAllStringSubmatch(read(t, name), -1) {
		names = append(names, m[1])
	}
	return names
}

// TestPrometheusFindsReplicas: each way of scraping gives the job the name that
// alerts ask for, and asks where replicas answer.
func TestPrometheusFindsReplicas(t *testing.T) {
	compose := deployed(t, "compose.yml")[0]
	want := []string{"127.0.0.1:8080"} // of a plain server
	if !strings.Contains(read(t, "umkmbot.env.example"), `LISTEN="`+want[0]+`"`) {
		t.Errorf("a plain server does not listen on %s", want[0])
	}
	for _, bot := range []string{"bot1", "bot2"} {
		for _, published := range words(at(compose, "services", bot, "ports")) {
			target, ok := strings.CutSuffix(strings.Replace(published, "${METRICS_ADDRESS:-127.0.0.1}", "127.0.0.1", 1), ":8080")
			if !ok {
				t.Errorf("%s publishes %s", bot, published)
			}
			want = append(want, target)
		}
	}
	var targets []string
	ways := deployed(t, "prometheus/scrape.yml")
	for _, doc := range ways {
		var job node
		everywhere(doc, func(m map[string]any) {
			if m["job_name"] != nil {
				job = m["job_name"]
			}
			if m["targetLabel"] == "job" {
				job = m["replacement"]
			}
			targets = append(targets, words(m["targets"])...)
		})
		if job != "umkmbot" {
			t.Errorf("the job is called %v in %v", job, doc)
		}
	}
	slices.Sort(want)
	slices.Sort(targets)
	if len(ways) != 4 || !slices.Equal(targets, want) {
		t.Errorf("%d ways ask %v, and replicas answer at %v", len(ways), targets, want)
	}
	for _, doc := range deployed(t, "kubernetes") {
		annotations, _ := at(doc, "spec", "template", "metadata", "annotations").(map[string]any)
		if annotations["prometheus.io/scrape"] != nil {
			t.Error("pods are scraped a second time, under another job")
		}
	}
}

func read(t *testing.T, name string) string {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join(deployFolder, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")))
}
