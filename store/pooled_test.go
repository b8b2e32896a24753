package store

import (
	"testing"

	"umkmbot/internal/embedded/embeddedtest"
)

// behindPooler gives the address of a database behind PgBouncer; nil but while
// TestThroughAPooler runs.
var behindPooler func(databaseURL string) string

// pool has a test's store reach its database through PgBouncer, if that is
// what is tested.
func (c *Config) pool() {
	if behindPooler != nil {
		c.DatabaseURL, c.Pooled = behindPooler(c.DatabaseURL), true
	}
}

// TestThroughAPooler runs tests of every part of the records again with a
// PgBouncer in transaction mode between: what a session would have to remember
// is gone there with the next transaction.
func TestThroughAPooler(t *testing.T) {
	behindPooler = embeddedtest.Pooler(t, 3)
	t.Cleanup(func() { behindPooler = nil })
	for name, test := range map[string]func(*testing.T){
		"registrations": TestRegisterManyAtOnceInOneDistrict,
		"profile":       TestChangeKeepsBeforeAndAfter, "staff": TestChangeStaff, "invitations": TestAcceptAtOnce,
		"documents": TestDocumentFromOwnerToDecision, "files": TestManyAtOnce,
		"queue": TestQueueCounts, "leases": TestLeaseEnds, "requests": TestSetProgramme, "tickets": TestTicketFromBothSides,
		"seats": TestPlacesGoOn, "draw": TestDrawIsHeldOnce,
		"certificates": TestFromTheDoorToTheCertificate, "materials": TestMaterials,
		"mailings": TestLanesShareAMailing, "kills": TestKilledAnywhereTheLedgerAgrees,
		"broadcasts": TestBroadcastGoesOut, "second officer": TestSecondOfficer,
		"segments": TestMeantThroughTheAccountSeenLast, "reach": TestReachFollowsManyAtOnce,
		"funnel": TestFunnelFromManyReplicasAtOnce, "seen": TestSeenByTwoReplicasWhileRecordsChange, "questions": TestMissedQuestions,
		"erasures": TestEraseAgain,
	} {
		t.Run(name, test)
	}
}
