package simulator

import (
	"slices"
	"strconv"
	"sync"
)

const keptSeconds = 3600

// counters count calls by method, in all and in each of the last seconds.
type counters struct {
	mu      sync.Mutex
	total   map[string]int64
	seconds [keptSeconds]second
	refused int64
}

type second struct {
	at    int64
	calls map[string]int64
}

// count adds a call; a method that is unknown counts as "other".
func (c *counters) count(method string, now int64, refused bool) {
	name := "other"
	if m := methods[method]; m != nil {
		name = m.name
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.total == nil {
		c.total = map[string]int64{}
	}
	c.total[name]++
	if refused {
		c.refused++
	}
	slot := &c.seconds[now%keptSeconds]
	if slot.at != now || slot.calls == nil {
		*slot = second{now, map[string]int64{}}
	}
	slot.calls[name]++
}

// statsView is what GET /_sim/stats shows.
type statsView struct {
	Calls     map[string]int64            `json:"calls"`
	BySecond  map[string]map[string]int64 `json:"by_second"` // Unix second → method → calls; the last hour
	Updates   updatesView                 `json:"updates"`
	Pending   int                         `json:"pending"`
	Delivered int64                       `json:"delivered"`
	TooMany   int64                       `json:"too_many_requests"` // 429s given
	People    int                         `json:"people"`
	Busiest   int64                       `json:"busiest_second"` // most calls in one second
}

type updatesView struct {
	Pending   int   `json:"pending"`
	Delivered int64 `json:"delivered"`
	Lost      int64 `json:"lost"`
	Polling   bool  `json:"polling"` // a getUpdates call waits
}

func (s *Server) statistics() statsView {
	q := s.queue.Stats()
	v := statsView{
		Calls: map[string]int64{}, BySecond: map[string]map[string]int64{},
		Updates: updatesView(q), Pending: q.Pending, Delivered: q.Delivered,
		People: len(s.dir.everyone()),
	}
	now := s.Now().Unix()
	c := &s.stats
	c.mu.Lock()
	defer c.mu.Unlock()
	v.TooMany = c.refused
	for name, n := range c.total {
		v.Calls[name] = n
	}
	for i := range c.seconds {
		slot := &c.seconds[i]
		if slot.calls == nil || slot.at <= now-keptSeconds {
			continue
		}
		copied, sum := map[string]int64{}, int64(0)
		for name, n := range slot.calls {
			copied[name] = n
			sum += n
		}
		v.BySecond[strconv.FormatInt(slot.at, 10)] = copied
		v.Busiest = max(v.Busiest, sum)
	}
	return v
}

func sortedKeys[V any](m map[int64]V) []int64 {
	keys := make([]int64, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}
