package umkm_test

import (
	"testing"

	"umkmbot/internal/umkm"
)

func TestConditions(t *testing.T) {
	answers := map[string]string{"amount": "50000000", "need": "design,print", "kind": "food", "word": "lima"}
	value := func(step string) string { return answers[step] }
	for _, c := range []struct {
		when umkm.Condition
		want bool
	}{
		{umkm.Condition{}, true},
		{umkm.Condition{Step: "kind", Is: []string{"food", "drink"}}, true},
		{umkm.Condition{Step: "kind", Is: []string{"drink"}}, false},
		{umkm.Condition{Step: "need", Is: []string{"print"}}, true},
		{umkm.Condition{Step: "need", Is: []string{"prin"}}, false},
		{umkm.Condition{Step: "amount", Min: 50_000_000}, true},
		{umkm.Condition{Step: "amount", Min: 50_000_001}, false},
		{umkm.Condition{Step: "amount", Max: 50_000_000}, true},
		{umkm.Condition{Step: "amount", Max: 49_999_999}, false},
		{umkm.Condition{Step: "word", Min: 1}, false},
		{umkm.Condition{Step: "hidden", Is: []string{"yes"}}, false},
		{umkm.Condition{Step: "hidden", Max: 5}, false},
	} {
		if got := c.when.Holds(value); got != c.want {
			t.Errorf("%+v: %v", c.when, got)
		}
	}
}
