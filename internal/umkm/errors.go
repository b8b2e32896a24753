package umkm

import "errors"

// ErrRefused: the records refuse the data itself (too long, malformed, a
// clash), so that trying again with the same data cannot succeed. An outage
// is never this.
var ErrRefused = errors.New("umkm: data refused")
