package store

// chatTables hold what passes through a chat, and the trail that it leaves.
var chatTables = []personalTable{
	{
		name:   "held_replies",
		untold: map[string]string{"chat": "the account, which is told", "reply_sealed": "is in the chat within minutes"},
		plain:  "id position send_after created_at",
		erased: rowGone, retained: "until sent",
	},
	{
		name:   "fleeting",
		untold: map[string]string{"chat": "whose screen the pages are on", "message": "Telegram's number of a message", "subject": "the program's own key"},
		plain:  "until",
		erased: goesSoon, retained: "until the pages of documents are gone from the chat, within hours",
		why: "else they would stay on the screen",
	},
	{
		name: "dead_letters", section: "unhandled", rows: `t.chat = $2`, order: "t.at, t.id",
		told:   []toldColumn{sealed("payload_sealed", "text", sealDead), col("at", "at")},
		untold: map[string]string{"chat": "the account, which is told", "update_id": "Telegram's number of what was sent"},
		plain:  "id reason",
		erased: rowGone, retained: retainLetters,
	},
	{
		name:   "missed_questions",
		untold: map[string]string{"text_sealed": "nobody knows who asked", "text_index": "nobody knows who asked"},
		plain:  "id day count",
		erased: kept, retained: "90 days",
		why: "no account stands beside it: nobody can tell whose it was",
	},
	{
		name: "audit_log", section: "accesses",
		untold: map[string]string{
			"actor":   "the section tells on whose part and in which role; the staff answer for their office",
			"action":  "in the section, as PersonalAccesses tells it",
			"subject": "in the section, as PersonalAccesses tells it",
			"at":      "in the section, as PersonalAccesses tells it",
			"details": "ids, names of fields, counts",
		},
		plain:  "id",
		erased: kept, retained: retainAudit,
		why: "ids only, by which the office proves what was done with data (Pasal 31, 35 and 46 UU 27/2022), and that it erased",
	},
	{
		name: "erasures", section: "erasures", rows: `t.owner = $1 OR $1::uuid IS NULL AND t.owner IS NULL AND t.account = $2`, order: "t.asked_at, t.id",
		told: []toldColumn{col("reason", "reason"), col("state", "state"), col("asked_at", "at"), col("due_at", "due"), col("ended_at", "ended")},
		untold: map[string]string{
			"account": "the account, which is told", "owner": "the program's own key", "language": "told with the account", "dialog": "the form's key",
			"chats": "the accounts, which are told",
		},
		plain:  "id whole xact",
		erased: emptied, retained: retainAudit,
		why: "that and when the office erased, which it has to prove (Pasal 45); nobody is named in it any more",
	},
	{
		name:   "river_job",
		untold: map[string]string{"args": "ids of what a job is about", "errors": "causes without contents"},
		plain: "id state attempt max_attempts attempted_at created_at finalized_at scheduled_at priority attempted_by kind metadata queue tags " +
			"unique_key unique_states",
		erased: rowGone, retained: "a day after it is done, a week after it was given up",
		why: "what is worked at that moment, and what takes messages from the chat, ends first",
	},
}
