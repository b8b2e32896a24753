// Package ask holds the kinds of answer a flow can ask for, as dialog fields.
// They take what people type, tap and share, forgive how it is written, and
// have whatever was guessed confirmed. All are pure.
//
// The words belong to the locales. ProblemKeys, ValueKeys and MessageKeys list
// every key used here. A Text whose key begins with a dot is relative to the
// step: ".yes" stands for "<flow>.<step>.yes".
package ask
