package umkm

import (
	"errors"
	"fmt"
	"math"
)

// Rate is an interest or tax rate in hundredths of a percent: 6 % is 600.
type Rate int64

// ErrLoan is returned for terms that no loan has.
var ErrLoan = errors.New("umkm: not the terms of a loan")

// maxMonths bounds a plan: twenty years.
const maxMonths = 240

// Instalment is one month of a loan, in rupiah.
type Instalment struct {
	Month     int
	Payment   int64 // Principal + Interest
	Principal int64
	Interest  int64
	Left      int64 // owed after it
}

// Plan is a loan paid back by annuity.
type Plan struct {
	Amount      int64
	Monthly     int64 // every payment but the last
	Interest    int64 // in all
	Instalments []Instalment
}

// Annuity plans a loan of equal monthly payments at a yearly effective rate.
// The payment and each month's interest are rounded to the rupiah; the last
// payment takes what is left.
func Annuity(amount int64, yearly Rate, months int) (Plan, error) {
	if amount <= 0 || amount > MaxTurnover || yearly < 0 || yearly > 100_00 || months < 1 || months > maxMonths {
		return Plan{}, ErrLoan
	}
	monthly := float64(yearly) / 100_00 / 12
	p := Plan{Amount: amount, Monthly: payment(amount, monthly, months)}
	left := amount
	for m := 1; m <= months; m++ {
		interest := int64(math.Round(float64(left) * monthly))
		principal := min(p.Monthly-interest, left)
		if m == months {
			principal = left
		}
		left -= principal
		p.Interest += interest
		p.Instalments = append(p.Instalments, Instalment{
			Month: m, Payment: principal + interest, Principal: principal, Interest: interest, Left: left,
		})
	}
	return p, nil
}

// payment is P·i / (1 − (1+i)^−n).
func payment(amount int64, monthly float64, months int) int64 {
	if monthly == 0 {
		return int64(math.Round(float64(amount) / float64(months)))
	}
	return int64(math.Round(float64(amount) * monthly / (1 - math.Pow(1+monthly, -float64(months)))))
}

// String says a rate as people write it: 6%, 0,5%.
func (r Rate) String() string {
	whole, rest := r/100, r%100
	switch {
	case rest == 0:
		return fmt.Sprintf("%d%%", whole)
	case rest%10 == 0:
		return fmt.Sprintf("%d,%d%%", whole, rest/10)
	}
	return fmt.Sprintf("%d,%02d%%", whole, rest)
}
