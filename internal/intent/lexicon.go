package intent

// Lexicon is the content that a Matcher is made of. A word is written as in a
// dictionary; entries with spaces are phrases. See locales/intents.id.toml.
type Lexicon struct {
	Light     []string            // change nothing: I, please, the
	English   []string            // light words of English
	Plain     []string            // common words without a meaning here
	Elsewhere []string            // matters of other offices
	Same      map[string][]string // a word and what stands for it
	Intent    []Intent
}

// Intent is one thing that can be meant. A pattern is words in any order;
// "a/b" is either of two.
type Intent struct {
	ID     string
	Rank   int      // of two that are meant the higher wins; 0 is a courtesy
	Sure   []string // meant, whatever else is said
	Likely []string // meant when nothing else is said
	Maybe  []string // a guess when not much else is said
	With   []string // what may stand beside a Likely, a Maybe or a Talk
	Opens  bool     // a courtesy that yields to a guess behind it
	Closes bool     // a courtesy that what stands behind it belongs to, unless that is sure
	Most   int      // words that a text of this meaning has at most; 0: any
	Never  []string // words that speak against it
	Over   []string // intents of equal rank that it wins against
	Talk   []string // meant in the middle of a form too
}

// Courtesy tells a greeting or a thank-you from a wish.
func (i Intent) Courtesy() bool { return i.Rank == 0 }
