// Package flows holds the conversations, one file each, as data with one
// Finish. A flow declares the small interfaces it needs; words are in locales
// under keys that follow from the flow's name and its steps' ids.
package flows
