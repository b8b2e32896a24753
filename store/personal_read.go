package store

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/redis/go-redis/v9"

	"umkmbot/internal/dialog"
	"umkmbot/internal/umkm"
)

// flatFields tells one side of a change, a line a field.
func flatFields(id string) func([]byte) ([]umkm.PersonalField, error) {
	return func(plain []byte) ([]umkm.PersonalField, error) {
		var values map[string]any
		if err := json.Unmarshal(plain, &values); err != nil {
			return nil, err
		}
		return listField(id, lines(values)), nil
	}
}

// lines are values by name, one each, what was not told left out.
func lines(values map[string]any) []string {
	var out []string
	for name, v := range values {
		switch x := v.(type) {
		case nil:
		case string:
			if x != "" {
				out = append(out, name+": "+x)
			}
		default:
			raw, _ := json.Marshal(x) // it came out of JSON
			out = append(out, name+": "+string(raw))
		}
	}
	slices.Sort(out)
	return out
}

func listField(id string, list []string) []umkm.PersonalField {
	if len(list) == 0 {
		return nil
	}
	return []umkm.PersonalField{{ID: id, Value: list}}
}

// requestFields tells what was answered and agreed to.
func requestFields(plain []byte) ([]umkm.PersonalField, error) {
	var told requestTold
	if err := json.Unmarshal(plain, &told); err != nil {
		return nil, err
	}
	var answers, consents []string
	for _, a := range told.Answers {
		answers = append(answers, a.Step+": "+a.Value)
	}
	for _, c := range told.Consents {
		consents = append(consents, fmt.Sprintf("%s %s: %t", c.Purpose, c.Version, c.Granted))
	}
	return append(listField("answers", answers), listField("consents", consents)...), nil
}

// fileFields tells how a file was called and what was read in it.
func fileFields(plain []byte) ([]umkm.PersonalField, error) {
	var note fileNote
	if err := json.Unmarshal(plain, &note); err != nil {
		return nil, err
	}
	f := note.Found
	found := lines(map[string]any{"kind": string(f.Kind), "number": f.Number, "name": f.Name, "until": f.Until, "code": f.Code})
	out := listField("found", found)
	if note.Name != "" {
		out = append([]umkm.PersonalField{{ID: "file_name", Value: note.Name}}, out...)
	}
	return out, nil
}

const sectionChat = "chat"

// copyChat adds what is open in the chat, read without taking it.
func (s *Store) copyChat(ctx context.Context, account int64, out *umkm.PersonalCopy) error {
	state, err := s.Chats.peek(ctx, account)
	if err != nil {
		return err
	}
	var rows []umkm.PersonalRow
	if state.Language != "" {
		rows = append(rows, umkm.PersonalRow{{ID: "language", Value: state.Language}})
	}
	drafts := state.Aside
	if state.Dialog != nil {
		drafts = append(slices.Clone(drafts), *state.Dialog)
	}
	for _, d := range drafts {
		values := map[string]any{"": d.Draft.Working}
		for step, a := range d.Answers {
			values[step] = a.Value
		}
		row := umkm.PersonalRow{{ID: "form", Value: d.Flow}}
		if !d.Touched.IsZero() {
			row = append(row, umkm.PersonalField{ID: "at", Value: d.Touched})
		}
		rows = append(rows, append(row, listField("draft", lines(values))...))
	}
	if len(rows) > 0 {
		out.Sections = append(out.Sections, umkm.PersonalSection{ID: sectionChat, Rows: rows})
	}
	return nil
}

// peek reads a chat's state without taking the chat.
func (c *Chats) peek(ctx context.Context, chat int64) (state dialog.State, err error) {
	sealed, err := c.client.HGet(ctx, chatKey(chat), "state").Result()
	if err != nil && !errors.Is(err, redis.Nil) {
		return state, fmt.Errorf("read chat's state: %w", err)
	}
	plain, err := c.open(chat, 's', sealed)
	if err != nil || plain == nil {
		return state, err
	}
	if err := json.Unmarshal(plain, &state); err != nil {
		return state, fmt.Errorf("read chat's state: %w", err)
	}
	return state, nil
}

// A file belongs to a document, was said, or neither.
const sqlCopyFiles = `
SELECT t.id, coalesce(d.kind, '') AS kind, m.id IS NOT NULL AS said, t.mime, t.size, t.sealed
FROM files t
LEFT JOIN document_files p ON p.file = t.id LEFT JOIN documents d ON d.id = p.document
LEFT JOIN messages m ON m.file = t.id
WHERE ($1::uuid IS NOT NULL OR $2::bigint IS NOT NULL) AND t.kept_at IS NOT NULL AND t.state <> 'quarantined' AND (%s)
ORDER BY t.id`

type copiedFile struct {
	ID         uuid.UUID
	Kind, MIME string
	Said       bool
	Size       int64
	Sealed     []byte
}

// copyFiles lists the files that can be handed out.
func (s *Store) copyFiles(ctx context.Context, tx pgx.Tx, who person) ([]umkm.PersonalFile, error) {
	rows, _ := tx.Query(ctx, fmt.Sprintf(sqlCopyFiles, filesTable().rows), who.owner, who.account)
	found, err := pgx.CollectRows(rows, pgx.RowToStructByName[copiedFile])
	if err != nil {
		return nil, fmt.Errorf("find files: %w", err)
	}
	out, nth := make([]umkm.PersonalFile, len(found)), map[string]int{}
	for i, f := range found {
		what, section := "file", "files"
		switch {
		case f.Kind != "":
			what, section = f.Kind, "documents"
		case f.Said:
			what, section = "message", "messages"
		}
		nth[what]++
		ending, err := s.ending(f)
		if err != nil {
			return nil, err
		}
		out[i] = umkm.PersonalFile{ID: f.ID.String(), Name: fmt.Sprintf("%s-%d%s", what, nth[what], ending), Size: f.Size, Section: section}
	}
	return out, nil
}

func filesTable() personalTable {
	i := slices.IndexFunc(caseTables, func(t personalTable) bool { return t.name == "files" })
	return caseTables[i]
}

var endings = map[string]string{"image/jpeg": ".jpg", "image/png": ".png", "image/webp": ".webp", "application/pdf": ".pdf"}

// ending is a file's by its content, else the one it came with, as far as that
// is plain.
func (s *Store) ending(f copiedFile) (string, error) {
	if e := endings[f.MIME]; e != "" {
		return e, nil
	}
	plain, err := s.keys.Open(sealFile, f.ID[:], f.Sealed)
	if err != nil {
		return "", fmt.Errorf("open file's record: %w", err)
	}
	var note fileNote
	if err := json.Unmarshal(plain, &note); err != nil {
		return "", fmt.Errorf("read file's record: %w", err)
	}
	e := strings.ToLower(path.Ext(note.Name))
	if len(e) < 2 || len(e) > 6 || strings.Trim(e[1:], "abcdefghijklmnopqrstuvwxyz0123456789") != "" {
		return "", nil
	}
	return e, nil
}
