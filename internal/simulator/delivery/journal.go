package delivery

// Snapshot returns the whole state.
func (q *Queue) Snapshot() State {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.sweep(q.now())
	s := State{
		NextID: q.nextID, Allowed: q.allowed, Webhook: q.webhook,
		Pending: make([]Pending, 0, q.backlog.live),
	}
	for _, it := range q.backlog.items {
		if !it.gone {
			s.Pending = append(s.Pending, it.Pending)
		}
	}
	return s
}

// Restore replaces the state. It must come before any other call.
func (q *Queue) Restore(s State) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.allowed, q.webhook, q.backlog = s.Allowed, s.Webhook, backlog{}
	for _, p := range s.Pending {
		q.backlog.push(newItem(p))
	}
	if s.NextID > 0 {
		q.nextID, q.seen = s.NextID, true
	}
}

// Apply repeats a change that Journal reported. Changes that the state already
// holds do nothing. It must come before Start.
func (q *Queue) Apply(r Record) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch {
	case r.Add != nil:
		q.applyAdd(*r.Add)
	case r.Forget != 0:
		q.backlog.forget(r.Forget)
	case r.Gone != 0:
		if it := q.backlog.find(r.Gone); it != nil {
			q.backlog.remove(it)
		}
	case r.Webhook != nil:
		q.webhook = *r.Webhook
	case r.Allowed != nil:
		q.allowed = r.Allowed.Kinds
	}
}

// applyAdd repeats an Add. Before the first one the next id is a random guess
// that the record corrects; a state that was restored knows better.
func (q *Queue) applyAdd(p Pending) {
	if q.seen && p.ID < q.nextID {
		return
	}
	q.seen = true
	q.nextID = p.ID + 1
	q.backlog.push(newItem(p))
}

// Start begins webhook deliveries after the state was restored.
func (q *Queue) Start() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.webhook.URL != "" && q.sender == nil {
		q.startSender()
	}
}
