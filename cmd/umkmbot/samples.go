package main

import (
	"fmt"
	"os"
	"path/filepath"

	"umkmbot/internal/inspect/sample"
)

// writeSamples puts documents to try uploads with into a folder: good ones,
// ones that can hardly be read, and ones that are refused. Samples that are
// there already stay, so that the next start is quick.
func writeSamples(folder string) error {
	const last = "berkas.zip" // written last: with it all are there
	if _, err := os.Stat(filepath.Join(folder, last)); err == nil {
		return nil
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("sample documents: %w", err)
	}
	for _, f := range append(append(sample.Usable(), sample.Flawed()...), sample.File{Name: "terkunci.pdf", Data: sample.Encrypted()},
		sample.File{Name: "gerak.gif", Data: sample.GIF()}, sample.File{Name: last, Data: sample.ZIP()}) {
		if err := os.WriteFile(filepath.Join(folder, f.Name), f.Data, 0o644); err != nil {
			return fmt.Errorf("sample documents: %w", err)
		}
	}
	return nil
}
