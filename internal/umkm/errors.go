package umkm

import "errors"

// ErrRefused: the records refuse the data itself (too long, malformed, a
// clash), so that trying again with the same data cannot succeed. An outage
// is never this.
var ErrRefused = errors.New("umkm: data refused")

// ErrDamaged: what was kept cannot be read any more, although the key is there and
// the server answers. Trying again cannot succeed.
var ErrDamaged = errors.New("umkm: what was kept is damaged")
