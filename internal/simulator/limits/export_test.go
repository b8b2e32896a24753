package limits

// Tracked counts the chats the limiter remembers.
func (l *Limiter) Tracked() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.chats) + len(l.groups)
}
