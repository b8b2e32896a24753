// Package programmes holds the programmes that owners can ask for, one file
// each, as an office writes them (docs/konten.md).
package programmes

import "embed"

// Files are the programmes that the program ships with.
//
//go:embed *.toml
var Files embed.FS
