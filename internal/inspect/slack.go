//go:build !race

package inspect

// slack is what Go needs beside its heap, and the heap's unused ends, in bytes.
const slack = 128 << 20
