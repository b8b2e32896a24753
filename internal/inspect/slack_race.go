//go:build race

package inspect

// slack has room for what the race detector keeps of each byte, too.
const slack = 2 << 30
