// Package dialog is the conversation engine: a flow is data, a dialog is the
// answers given so far, and one input makes the next dialog. The engine is
// pure (no IO, no clock, no language); Host puts it between a store that
// keeps chats and an adapter that speaks to people.
//
// Answers are saved, never a position: the current step is the first visible
// one whose answer is missing, reopened or no longer valid. A deploy may
// therefore add, remove and reorder steps under dialogs that are half filled.
package dialog
