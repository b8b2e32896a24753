package store

// caseTables hold what owners hand in, ask for and say, and what came of it.
var caseTables = []personalTable{
	{
		name: "documents", section: "documents", rows: `t.business ` + theirBusiness, order: "t.submitted_at, t.id",
		told: []toldColumn{
			as("business", "number", businessNumber), col("kind", "kind"), col("label", "label"), col("state", "state"),
			sealed("number_sealed", "document_number", sealDocumentNumber), sealed("mismatch_sealed", "mismatch", sealDocumentMismatch),
			as("until", "until", `to_char(t.until, 'YYYY-MM-DD')`), col("account", "account"), col("submitted_at", "at"), col("decided_at", "decided"),
		},
		untold: map[string]string{"dialog": "the form's key", "previous": "the program's own key"},
		plain:  "id reminded",
		erased: rowGone, retained: withOwner,
		why: "rejected ones lose their files by RETAIN_SCANS",
	},
	{
		name:   "document_files",
		untold: map[string]string{"document": "the files are told and handed out", "file": "the files are told and handed out"},
		plain:  "page",
		erased: rowGone, retained: retainScans,
	},
	{
		name: "files", section: "files",
		rows: `t.id = ANY(ARRAY(
			SELECT p.file FROM document_files p JOIN documents d ON d.id = p.document WHERE d.business ` + theirBusiness + `
			UNION ALL SELECT m.file FROM messages m WHERE m."case" ` + theirCase + `
			UNION ALL SELECT f.id FROM files f WHERE f.account = $2 AND f.state <> 'attached'))`,
		order: "t.id",
		told: []toldColumn{
			sealedAs("sealed", sealFile, fileFields), col("mime", "type"), col("size", "size"), col("pages", "pages"), col("flaws", "flaws"),
			col("account", "account"), col("created_at", "at"),
		},
		untold: map[string]string{"hash_index": "made of the file, which is handed out"},
		plain:  "id state scan kept_at key_id",
		erased: rowGone, retained: retainScans,
		why: "the object goes first, by the sweeper within a quarter of an hour; what a virus is in is the operator's to remove",
	},
	{
		name: "cases", section: "cases", rows: `(t.owner = $1 OR t.owner IS NULL AND t.account = $2)`, order: "t.since, t.id",
		told: []toldColumn{
			col("kind", "case_kind"), col("topic", "topic"), col("village", "place"), col("state", "state"), col("account", "account"),
			col("since", "at"), col("due_at", "due"), col("overdue_at", "overdue"),
		},
		untold: map[string]string{
			"business": "the program's own key", "owner": "the program's own key", "holder": "who of the staff has it in hand",
			"district": "the beginning of the place, which is told", "regency": "the beginning of the place, which is told",
		},
		plain:  "id returned version held_until role unanswered",
		erased: rowGone, retained: withOwner,
	},
	{
		name:   "case_passes",
		untold: map[string]string{"account": "who of the staff", "case": "the program's own key"},
		plain:  "at",
		erased: rowGone, retained: withOwner,
	},
	{
		name: "reviews", section: "decisions", rows: `t."case" ` + theirCase, order: "t.at, t.id",
		told: []toldColumn{
			col("kind", "case_kind"), col("topic", "topic"), col("verdict", "verdict"), col("reasons", "reasons"), col("note", "note"),
			col("at", "at"), col("undone_at", "undone"),
		},
		untold: map[string]string{
			"case": "the program's own key", "reviewer": "who of the staff", "dialog": "the staff's form",
			"notice_chat": "the account, which is told", "notice_message": "Telegram's number of the notice",
		},
		plain:  "id since",
		erased: rowGone, retained: withOwner,
	},
	{
		name: "requests", section: "requests", rows: `t.business ` + theirBusiness, order: "t.asked_at, t.id",
		told: []toldColumn{
			as("business", "number", businessNumber), col("programme", "programme"), sealedAs("sealed", sealRequest, requestFields),
			col("state", "state"), col("stage", "stage"), col("account", "account"), col("asked_at", "at"), col("moved_at", "moved"),
		},
		untold: map[string]string{"dialog": "the form's key"},
		plain:  "id",
		erased: rowGone, retained: withOwner,
	},
	{
		name: "request_steps", section: "steps", rows: `t.request IN (SELECT id FROM requests WHERE business ` + theirBusiness + `)`, order: "t.at, t.id",
		told: []toldColumn{
			as("request", "programme", `(SELECT r.programme FROM requests r WHERE r.id = t.request)`), col("state", "state"), col("stage", "stage"),
			sealed("note_sealed", "note", sealRequestNote), col("at", "at"),
		},
		untold: map[string]string{"staff": "who of the staff", "dialog": "the staff's form"},
		plain:  "id",
		erased: rowGone, retained: withOwner,
	},
	{
		name: "tickets", section: "tickets", rows: `t.id ` + theirCase, order: "t.opened_at, t.id",
		told: []toldColumn{
			sealed("name_sealed", "name", sealTicketName), col("context", "context"), col("account", "account"),
			col("opened_at", "at"), col("closed_at", "closed"),
		},
		untold: map[string]string{"dialog": "the form's key"},
		plain:  "id",
		erased: rowGone, retained: retainTickets,
	},
	{
		name: "messages", section: "messages", rows: `t."case" ` + theirCase + ` AND t.event <> 'handed_over'`, order: "t.at, t.id",
		told: []toldColumn{
			as("staff", "by_office", `t.staff IS NOT NULL`), sealed("text_sealed", "text", sealMessage), col("event", "event"),
			col("account", "account"), col("at", "at"),
		},
		untold: map[string]string{
			"case": "the program's own key", "key": "the form's or the message's key", "file": "the files are told and handed out",
		},
		plain:  "id",
		erased: rowGone, retained: retainTickets,
		why: "notes that the staff hand on among themselves are theirs, and go with the rest",
	},
}
