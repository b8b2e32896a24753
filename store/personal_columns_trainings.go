package store

// trainingTables hold who took part in what, and who was told what.
var trainingTables = []personalTable{
	{
		name: "seats", section: "seats", rows: `t.owner = $1 AND t.state <> 'candidate'`, order: "t.changed_at, t.id",
		told: []toldColumn{
			as("training", "training", `(SELECT g.title FROM trainings g WHERE g.id = t.training)`),
			as("business", "number", businessNumber), col("village", "place"), col("sector", "sector"), col("untrained", "untrained"),
			as("number", "seat_number", `nullif(t.number, 0)`), col("state", "state"), col("drawn", "drawn"), col("drawn_seat", "drawn_seat"),
			col("answer_until", "answer_until"), col("remind_at", "remind"), col("in_at", "came"), col("out_at", "went"), col("walk_in", "walk_in"),
			col("certificate", "certificate"), col("rating", "rating"), sealed("comment_sealed", "comment", sealFeedback), col("rated_at", "rated"),
			col("account", "account"), col("changed_at", "at"),
		},
		untold: map[string]string{
			"owner": "the program's own key", "in_by": "who of the staff", "out_by": "who of the staff",
			"cap": "the sector or the beginning of the place, which are told",
		},
		plain:  "id queue",
		erased: rowGone, retained: retainSeats,
		why: "who has not been invited yet knows nothing of it: a candidate is not told. Ratings and comments go by RETAIN_FEEDBACK",
	},
	{
		name: "erased_seats",
		untold: map[string]string{
			"certificate": "says that a paper is genuine, not whose it is",
			"number":      "in a list that was published", "cap": "in a list that was published", "untrained": "in a list that was published",
			"drawn": "in a list that was published", "drawn_seat": "in a list that was published",
		},
		plain:  "id training",
		erased: kept, retained: retainSeats,
		why: "others must be able to recompute a draw, and whoever holds a certificate to prove it; nothing says whose it was",
	},
	{
		name: "deliveries", section: "deliveries",
		rows: `t.chat ` + theirAccounts + `
			AND (t.chat = $2 AND $1::uuid IS NULL OR t.subject IS NULL OR t.subject = $1 OR t.subject ` + theirBusiness + `
				OR t.subject IN (SELECT s.id FROM seats s WHERE s.owner = $1))`,
		order: "t.at, t.mailing, t.n",
		told: []toldColumn{
			as("mailing", "about", `(SELECT m.kind || '.' || m.what FROM mailings m WHERE m.id = t.mailing)`), col("chat", "account"),
			col("language", "language"), col("state", "state"), col("at", "at"),
		},
		untold: map[string]string{"subject": "the program's own key", "message": "Telegram's number of the message"},
		plain:  "n lane",
		erased: emptied, retained: retainLedgers,
		why: "how many were reached is the office's account of what it did; chat, subject and message go",
	},
	{
		name:   "segment_list_numbers",
		untold: map[string]string{"business": "a list that an officer made; the number is told"},
		plain:  "list",
		erased: rowGone, retained: withOwner,
	},
	{
		name:   "mailings",
		plain:  "id key kind subject what created_by urgent state planned_at done_at total",
		erased: nobodys, retained: forGood,
	},
	{
		name:   "mailing_lanes",
		plain:  "mailing lane run wake idle reached sending sent blocked failed uncertain skipped",
		erased: nobodys, retained: forGood,
	},
}
