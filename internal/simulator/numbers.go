package simulator

import (
	"context"
	"crypto/rand"
	"encoding/binary"
	"math"
	"strconv"
	"strings"
	"time"
)

// leadingFloat reads the number a text begins with; 0 if there is none.
func leadingFloat(s string) float64 {
	for end := len(s); end > 0; end-- {
		if v, err := strconv.ParseFloat(s[:end], 64); err == nil && !strings.ContainsAny(s[:end], "xX_nNiI") {
			return v
		}
	}
	return 0
}

// locationJSON writes a Location; valid is false for a point not on earth.
func locationJSON(latitude, longitude float64) (body []byte, valid bool) {
	valid = math.Abs(latitude) <= 90 && math.Abs(longitude) <= 180
	b := strconv.AppendFloat([]byte(`{"latitude":`), latitude, 'f', -1, 64)
	b = strconv.AppendFloat(append(b, `,"longitude":`...), longitude, 'f', -1, 64)
	return append(b, '}'), valid
}

func unixTime(seconds int64) time.Time { return time.Unix(seconds, 0) }

// randomID is an unguessable positive number.
func randomID() int64 {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails
	return int64(binary.BigEndian.Uint64(b[:]) >> 1)
}

// contextUntil is a context that ends when a channel closes.
func contextUntil(done <-chan struct{}) context.Context {
	return channelContext{context.Background(), done}
}

type channelContext struct {
	context.Context
	done <-chan struct{}
}

func (c channelContext) Done() <-chan struct{} { return c.done }

func (c channelContext) Err() error {
	select {
	case <-c.done:
		return context.Canceled
	default:
		return nil
	}
}
