package umkm

// Recipient is an account that something is sent to, in its language.
type Recipient struct {
	Chat     int64
	Language string
}
