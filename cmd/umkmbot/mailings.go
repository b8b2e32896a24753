package main

import (
	"context"
	"math"
	"time"

	"github.com/prometheus/client_golang/prometheus"
)

// leftTime is how long a scrape waits for the records.
const leftTime = time.Second

// countDeliveries shows how much of mailings is still to be sent; while the
// records are away that is not known.
func countDeliveries(registry prometheus.Registerer, left func(context.Context) (int, error)) {
	registry.MustRegister(prometheus.NewGaugeFunc(
		prometheus.GaugeOpts{Name: "umkmbot_deliveries_left", Help: "Letters of mailings that have not come to their end."},
		func() float64 {
			ctx, cancel := context.WithTimeout(context.Background(), leftTime)
			defer cancel()
			n, err := left(ctx)
			if err != nil {
				return math.NaN()
			}
			return float64(n)
		},
	))
}
