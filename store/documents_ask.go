package store

import (
	"context"
	"fmt"

	"github.com/riverqueue/river"

	"umkmbot/internal/umkm"
)

const (
	// fetchTries, with the queue's growing pauses, last about an hour: as long
	// as Telegram may be away before a person sends the file again.
	fetchTries = 8
	// showTries are few: nobody waits longer for what they tapped for.
	showTries = 4
)

// AskFetch has a file fetched soon. Asked again for the same update it may be
// fetched twice; whoever answers it does so once.
func (s *Store) AskFetch(ctx context.Context, f umkm.FetchFile) error {
	if _, err := s.jobs.Insert(ctx, f, &river.InsertOpts{MaxAttempts: fetchTries}); err != nil {
		return fmt.Errorf("ask for file: %w", classify(err))
	}
	return nil
}

// AskDocument has a document's pages shown soon; the same update asks once.
func (s *Store) AskDocument(ctx context.Context, d umkm.ShowDocument) error {
	options := river.InsertOpts{MaxAttempts: showTries, UniqueOpts: river.UniqueOpts{ByArgs: true}}
	if _, err := s.jobs.Insert(ctx, d, &options); err != nil {
		return fmt.Errorf("ask for pages: %w", classify(err))
	}
	return nil
}
