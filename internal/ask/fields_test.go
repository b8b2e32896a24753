package ask

import "time"

// today is a Sunday.
var today = time.Date(2026, 11, 22, 10, 0, 0, 0, time.FixedZone("WIB", 7*3600))
