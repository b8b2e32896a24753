package bot

// floods reports whether a person writes faster than anybody can read. They
// are told so once; what else they send is passed over until they pause, their
// dialog as it was. Only taps are answered, so that buttons stop turning.
func (t *turn) floods() bool {
	pace, over, first := t.state.Pace.Next(t.in.sent())
	t.state.Pace = pace
	if !over {
		return false
	}
	if t.in.query != "" {
		t.calls = append(t.calls, toast(t.in.query, ""))
	}
	if first {
		t.reply("flood", nil, nil)
	}
	return true
}

// sent is when Telegram took the message: those that waited for the bot to
// come back were not sent at once. Taps bear no time of their own.
func (in incoming) sent() int64 {
	if in.date != 0 {
		return in.date
	}
	return in.at.Unix()
}
