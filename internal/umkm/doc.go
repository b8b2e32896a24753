// Package umkm holds the nouns and rules of the office's work: owners,
// businesses, their identifiers and places. No figure that law or policy can
// change stands here; those are content.
package umkm
