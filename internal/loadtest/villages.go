package loadtest

// Village is where an owner's business is, as the owner types it.
type Village struct{ Typed, Code string }

// villages lie in as many districts: numbers are given district by district,
// and owners of a whole province do not all wait for the same one.
var villages = []Village{
	{"Desa Kramatwatu Kecamatan Kramatwatu", "36.04.05.2001"},
	{"Desa Mahendra Kecamatan Cibaliung", "36.01.03.2011"},
	{"Desa Margasana Kecamatan Pagelaran", "36.01.09.2007"},
	{"Desa Labuan Kecamatan Labuan", "36.01.12.2002"},
	{"Desa Parumasan Kecamatan Cipeucang", "36.01.15.2006"},
	{"Desa Rocek Kecamatan Cimanuk", "36.01.18.2007"},
	{"Desa Pasirpeuteuy Kecamatan Cadasari", "36.01.22.2002"},
	{"Desa Kaduhejo Kecamatan Pulosari", "36.01.32.2006"},
	{"Desa Talagahiyang Kecamatan Cipanas", "36.02.04.2006"},
	{"Desa Keboncau Kecamatan Bojongmanik", "36.02.07.2012"},
	{"Desa Cikareo Kecamatan Cileles", "36.02.10.2004"},
	{"Desa Cijaku Kecamatan Cijaku", "36.02.16.2007"},
	{"Desa Kujangjaya Kecamatan Cibeber", "36.02.19.2004"},
	{"Desa Lebakgedong Kecamatan Lebakgedong", "36.02.25.2003"},
	{"Desa Mugijaya Kecamatan Cigemblong", "36.02.28.2003"},
	{"Desa Koper Kecamatan Kresek", "36.03.06.2013"},
	{"Desa Teluknaga Kecamatan Teluknaga", "36.03.13.2001"},
	{"Desa Babat Kecamatan Legok", "36.03.20.2004"},
	{"Desa Cikasungka Kecamatan Solear", "36.03.31.2003"},
	{"Desa Salira Kecamatan Pulo Ampel", "36.04.08.2005"},
	{"Desa Pontang Kecamatan Pontang", "36.04.12.2001"},
	{"Desa Bakung Kecamatan Cikande", "36.04.15.2006"},
	{"Desa Tejamari Kecamatan Baros", "36.04.22.2002"},
	{"Desa Kadubeureum Kecamatan Pabuaran", "36.04.28.2006"},
}

// VillageOf is the village of the owner with that id.
func VillageOf(id int64) Village { return villages[int(id)%len(villages)] }
