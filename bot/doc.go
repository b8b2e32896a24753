// Package bot is the Telegram adapter: it turns updates into dialog inputs,
// questions into messages, and gets both across without losing any. It never
// touches a database: what it needs of one it declares as small interfaces.
//
// The way of an update: poll or webhook → Handle (lane, retries, faults) →
// dialog.Host (enter, advance, save) → replies → release.
package bot
