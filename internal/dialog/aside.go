package dialog

import "slices"

// maxAside bounds how many dialogs wait behind the open one.
const maxAside = 3

// SetAside puts the open dialog behind, so that another can be opened; false
// when too many wait there already. One in which nothing was given is left.
func (s *State) SetAside() bool {
	switch {
	case s.Dialog == nil:
		return true
	case !s.Dialog.Dirty:
		s.Left, s.Dialog, s.Asked = s.Dialog.ID, nil, ""
		return true
	case len(s.Aside) >= maxAside:
		return false
	}
	s.Aside = append(slices.Clone(s.Aside), s.Dialog.waiting())
	s.Dialog, s.Asked = nil, ""
	return true
}

// waiting is a dialog as it waits aside. Whoever was asked whether to cancel it
// and went on to something else is asked its question when it comes back.
func (d Dialog) waiting() Dialog {
	d.Draft.Leaving = false
	return d
}

// TakeUp opens the dialog that was set aside last, unless one is open.
func (s *State) TakeUp() bool {
	if s.Dialog != nil || len(s.Aside) == 0 {
		return false
	}
	return s.fetch(len(s.Aside) - 1)
}

// Fetch opens a dialog of this flow and subject that waits aside, in exchange
// for the open one.
func (s *State) Fetch(flow, subject string) bool {
	i := slices.IndexFunc(s.Aside, func(d Dialog) bool { return d.Flow == flow && d.Subject == subject })
	return i >= 0 && s.fetch(i)
}

func (s *State) fetch(i int) bool {
	d := s.Aside[i]
	rest := slices.Delete(slices.Clone(s.Aside), i, i+1)
	if s.Dialog != nil {
		rest = append(rest, s.Dialog.waiting())
	}
	s.Aside, s.Dialog, s.Asked = rest, &d, ""
	return true
}

// Drop forgets a dialog that waits aside.
func (s *State) Drop(id string) {
	s.Aside = slices.DeleteFunc(slices.Clone(s.Aside), func(d Dialog) bool { return d.ID == id })
}

// Find returns a dialog, open or aside.
func (s *State) Find(id string) (d Dialog, open, ok bool) {
	if s.Dialog != nil && s.Dialog.ID == id {
		return *s.Dialog, true, true
	}
	i := slices.IndexFunc(s.Aside, func(d Dialog) bool { return d.ID == id })
	if i < 0 {
		return Dialog{}, false, false
	}
	return s.Aside[i], false, true
}
