package store

// staffTables hold who works for the office and what they do there.
var staffTables = []personalTable{
	{
		name: "staff", section: "staff", rows: `t.telegram_id = $2`, order: "t.telegram_id",
		told:   []toldColumn{col("telegram_id", "account"), col("name", "name"), col("since", "since")},
		erased: kept, retained: withStaff,
		why: "who decided for the office answers for it, also after leaving; an admin takes the roles away first",
	},
	{
		name: "staff_grants", section: "roles", rows: `t.account = $2`, order: "t.role, t.region",
		told:   []toldColumn{col("role", "role"), col("region", "place"), col("at", "at")},
		untold: map[string]string{"account": "told with the staff", "granted_by": "who of the staff"},
		erased: kept, retained: withStaff,
		why: "taken away by an admin, first",
	},
	{
		name:   "invites",
		untold: map[string]string{"name": "as an admin wrote it; told with the staff once accepted", "used_by": "told with the staff", "invited_by": "who of the staff"},
		plain:  "id dialog token_hash grants created_at expires_at used_at",
		erased: kept, retained: withStaff,
		why: "how somebody came to their roles",
	},
	{
		name:   "digests",
		untold: map[string]string{"account": "told with the staff"},
		plain:  "day",
		erased: kept, retained: withStaff,
		why: "the day of the last digest, nothing else",
	},
	{
		name:   "trainings",
		untold: map[string]string{"created_by": "who of the staff"},
		plain: "id dialog state version schedule changed_by title topic about online venue latitude longitude link starts_at ends_at quota caps " +
			"regions segment filling untrained_first closes_at answer_minutes bring travel created_at published_at ended_at reason seed_hash " +
			"seed_sealed seed drawn_at drawn_rules joined",
		erased: kept, retained: forGood,
		why: "the office's own record of what it offered",
	},
	{
		name:   "materials",
		untold: map[string]string{"added_by": "who of the staff"},
		plain:  "id training dialog title link file at",
		erased: kept, retained: forGood,
		why: "the office's own",
	},
	{
		name:   "broadcasts",
		untold: map[string]string{"created_by": "who of the staff", "confirmed_by": "who of the staff", "seconded_by": "who of the staff"},
		plain: "id dialog state version changed_by texts file picture file_id buttons urgent regions segment at created_at confirmed_at " +
			"seconded_at count begins_at begun_at",
		erased: kept, retained: forGood,
		why: "the office's own record of what it announced",
	},
	{
		name:   "saved_segments",
		untold: map[string]string{"created_by": "who of the staff"},
		plain:  "id name regions segment at",
		erased: kept, retained: forGood,
		why: "the office's own",
	},
	{
		name:   "broadcast_templates",
		untold: map[string]string{"created_by": "who of the staff"},
		plain:  "id name texts at",
		erased: kept, retained: forGood,
		why: "the office's own",
	},
	{
		name:   "segment_lists",
		untold: map[string]string{"created_by": "who of the staff"},
		plain:  "id dialog at taken unknown elsewhere doubled",
		erased: kept, retained: forGood,
		why: "counts; the numbers of who is erased go from it",
	},
}

// plainTables hold nothing of anybody.
var plainTables = []personalTable{
	{name: "case_counts", plain: "kind size region topic day waiting role", erased: nobodys, retained: forGood},
	{name: "district_sequences", plain: "district last", erased: nobodys, retained: forGood},
	{name: "file_sweeps", plain: "name after", erased: nobodys, retained: forGood},
	{name: "funnel", plain: "day flow step event count seconds", erased: nobodys, retained: forGood},
	{name: "goose_db_version", plain: "id version_id is_applied tstamp", erased: nobodys, retained: forGood},
	{name: "key_marks", plain: "purpose mark", erased: nobodys, retained: forGood},
	{name: "programmes", plain: "id closed quota asked", erased: nobodys, retained: forGood},
	{name: "river_leader", plain: "elected_at expires_at leader_id name", erased: nobodys, retained: forGood},
	{name: "river_migration", plain: "line version created_at", erased: nobodys, retained: forGood},
	{name: "river_notification", plain: "id created_at payload topic", erased: nobodys, retained: forGood},
	{name: "river_queue", plain: "name created_at metadata paused_at updated_at", erased: nobodys, retained: forGood},
}
