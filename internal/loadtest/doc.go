// Package loadtest drives many simulated owners through whole conversations
// over the simulator's HTTP interface, as the crash test and the benchmarks
// need them. Owners act only on what they see, so that a lost answer stalls
// them and a repeated or misordered one is counted.
package loadtest
