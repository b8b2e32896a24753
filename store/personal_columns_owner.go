package store

// ownerTables hold who owners are, what they own and what they agreed to.
var ownerTables = []personalTable{
	{
		name: "owners", section: "owner", rows: `t.id = $1`, order: "t.id",
		told: []toldColumn{col("name", "name"), sealed("nik_sealed", "nik", sealNIK), col("phone", "phone"), col("created_at", "since")},
		untold: map[string]string{
			"id":        "the program's own key, in the access list and the proof of erasure",
			"nik_index": "made of the NIK, which is told",
		},
		erased: rowGone, retained: retainOwners,
	},
	{
		name: "accounts", section: "accounts", rows: `t.telegram_id ` + theirAccounts, order: "t.telegram_id",
		told: []toldColumn{
			col("telegram_id", "account"), col("language", "language"), col("reachable", "reachable"),
			col("reachable_since", "reachable_since"), col("created_at", "since"), col("seen_at", "seen"),
		},
		erased: rowGone, retained: retainOwners,
		why: "an account that others' records name, or that acts for others, stays for them",
	},
	{
		name: "account_owners", section: "acts_for", rows: ofOwner, order: "t.created_at, t.account",
		told:   []toldColumn{col("account", "account"), col("created_at", "since")},
		untold: map[string]string{"owner": "the program's own key"},
		erased: rowGone, retained: withOwner,
	},
	{
		name: "consents", section: "consents", rows: ofOwner, order: "t.at, t.id",
		told: []toldColumn{
			col("purpose", "purpose"), col("version", "version"), col("language", "language"), col("granted", "granted"),
			col("account", "account"), col("at", "at"),
		},
		untold: map[string]string{"owner": "the program's own key"},
		plain:  "id",
		erased: rowGone, retained: withOwner,
	},
	{
		name: "businesses", section: "businesses", rows: ofOwner, order: "t.id",
		told: []toldColumn{
			col("number", "number"), col("name", "name"), col("sector", "sector"), col("product", "product"), col("village", "place"),
			col("address", "address"), col("since_year", "since_year"), col("since_month", "since_month"), col("workers", "workers"),
			col("turnover_rupiah", "turnover"), col("turnover_period", "turnover_period"), col("channels", "channels"),
			col("nib_state", "nib_state"), col("nib", "nib"), col("community", "community"), col("account", "account"), col("registered_at", "at"),
		},
		untold: map[string]string{
			"id": "the program's own key", "owner": "the program's own key", "dialog": "the form's key",
			"district": "the beginning of the place, which is told", "regency": "the beginning of the place, which is told",
		},
		erased: rowGone, retained: withOwner,
	},
	{
		name: "changes", section: "changes", rows: `t.business ` + theirBusiness, order: "t.at, t.id",
		told: []toldColumn{
			as("business", "number", businessNumber), col("fields", "fields"),
			sealedAs("before_sealed", sealChange, flatFields("before")), sealedAs("after_sealed", sealChange, flatFields("after")),
			col("account", "account"), col("at", "at"),
		},
		untold: map[string]string{"dialog": "the form's key"},
		plain:  "id",
		erased: rowGone, retained: retainChanges,
	},
	{
		name: "reach",
		untold: map[string]string{
			"business": derived, "owner": derived, "chat": derived, "language": derived, "village": derived, "district": derived,
			"regency": derived, "sector": derived, "turnover": derived, "messages": derived, "documents": derived, "ends": derived,
			"programmes": derived, "trained": derived, "sole": derived, "registered_at": derived, "seen_at": derived,
		},
		erased: rowGone, retained: withOwner,
	},
	{
		name: "reach_records", // a view
		untold: map[string]string{
			"business": derived, "owner": derived, "chat": derived, "language": derived, "village": derived,
			"sector": derived, "turnover": derived, "messages": derived, "documents": derived, "ends": derived,
			"programmes": derived, "trained": derived, "sole": derived, "registered_at": derived, "seen_at": derived,
		},
		erased: rowGone, retained: withOwner,
	},
}

const derived = "derived from what is told of the business, by triggers"
