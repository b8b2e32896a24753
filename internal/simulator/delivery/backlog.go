package delivery

import (
	"sort"
	"strconv"
	"time"
)

// maxPending bounds the queue, as TQueue does.
const maxPending = 100_000

// maxUpdateBytes is the longest update TQueue takes.
const maxUpdateBytes = 512 << 10

// item is a pending update, ready to send.
type item struct {
	Pending
	body  []byte // the whole Update object
	gone  bool
	fails int           // webhook deliveries that failed
	pause time.Duration // before the next webhook delivery
}

func newItem(p Pending) *item {
	body := make([]byte, 0, len(p.Payload)+len(p.Kind)+32)
	body = append(body, `{"update_id":`...)
	body = strconv.AppendInt(body, p.ID, 10)
	body = append(body, `,"`...)
	body = append(body, p.Kind...)
	body = append(body, `":`...)
	start := len(body)
	body = append(body, p.Payload...)
	p.Payload = body[start:len(body):len(body)]
	return &item{Pending: p, body: append(body, '}'), pause: time.Second}
}

func (it *item) expired(now int64) bool { return it.Expires < now }

// backlog holds pending updates in the order of their ids. Removal in the
// middle leaves a mark that is cleared away later, so that every operation
// costs constant time on average.
type backlog struct {
	items []*item
	live  int
}

// push appends an update whose id is above all others.
func (b *backlog) push(it *item) {
	b.items = append(b.items, it)
	b.live++
}

func (b *backlog) remove(it *item) {
	if it.gone {
		return
	}
	it.gone = true
	b.live--
	b.trim()
}

// trim drops what is gone from the front, and everywhere once it is the most.
func (b *backlog) trim() {
	n := 0
	for n < len(b.items) && b.items[n].gone {
		b.items[n] = nil
		n++
	}
	b.items = b.items[n:]
	if len(b.items) > 2*b.live+1024 {
		kept := make([]*item, 0, b.live)
		for _, it := range b.items {
			if !it.gone {
				kept = append(kept, it)
			}
		}
		b.items = kept
	}
	if len(b.items) == 0 {
		b.items = nil
	}
}

// forget removes every update below id and tells how many there were.
func (b *backlog) forget(id int64) int {
	before := b.live
	for _, it := range b.items {
		if it.ID >= id {
			break
		}
		if !it.gone {
			it.gone = true
			b.live--
		}
	}
	b.trim()
	return before - b.live
}

// sweep removes the expired and tells how many there were.
func (b *backlog) sweep(now int64) int {
	before := b.live
	for _, it := range b.items {
		if !it.gone && it.expired(now) {
			it.gone = true
			b.live--
		}
	}
	if b.live != before {
		b.trim()
	}
	return before - b.live
}

// newest returns the id of the n-th update from the end, or of the first when
// there are fewer; 0 when there is none.
func (b *backlog) newest(n int64) int64 {
	id := int64(0)
	for i := len(b.items) - 1; i >= 0 && n > 0; i-- {
		if !b.items[i].gone {
			id = b.items[i].ID
			n--
		}
	}
	return id
}

// find returns the live update with this id, or nil.
func (b *backlog) find(id int64) *item {
	i := b.after(id - 1)
	if i < len(b.items) && b.items[i].ID == id && !b.items[i].gone {
		return b.items[i]
	}
	return nil
}

// after returns the index of the first update whose id is above this one.
func (b *backlog) after(id int64) int {
	return sort.Search(len(b.items), func(i int) bool { return b.items[i].ID > id })
}
