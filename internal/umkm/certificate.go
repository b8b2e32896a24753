package umkm

import (
	"encoding/base32"
	"errors"
	"fmt"
	"strings"
)

// ErrCertificateNumber is returned for what is no CertificateNumber.
var ErrCertificateNumber = errors.New("umkm: not a certificate number")

// certificatePrefix is what every number begins with.
const certificatePrefix = "SERT"

// crockford is the alphabet of base 32 without I, L, O and U, which are taken
// for other letters and digits when they are read aloud or copied by hand.
const crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

var certificateCode = base32.NewEncoding(crockford).WithPadding(base32.NoPadding)

// NewCertificateNumber makes a number of a year out of 40 random bits:
// SERT-26-7K3M-9QXD.
func NewCertificateNumber(year int, random [5]byte) CertificateNumber {
	code := certificateCode.EncodeToString(random[:])
	return CertificateNumber(fmt.Sprintf("%s-%02d-%s-%s", certificatePrefix, year%100, code[:4], code[4:]))
}

// ParseCertificateNumber reads a number as people copy it: in small letters,
// with spaces, dots or nothing for the dashes, with an O for a zero, an I or
// an L for a one.
func ParseCertificateNumber(s string) (CertificateNumber, error) {
	if len(s) > 100 {
		return "", ErrCertificateNumber
	}
	code, ok := strings.CutPrefix(strings.Map(certificateLetter, s), certificatePrefix)
	if !ok || len(code) != 10 || !allDigits(code[:2]) || strings.Trim(code, crockford) != "" {
		return "", ErrCertificateNumber
	}
	return CertificateNumber(fmt.Sprintf("%s-%s-%s-%s", certificatePrefix, code[:2], code[2:6], code[6:])), nil
}

// certificateLetter is a letter or digit as it was meant; separators are
// dropped. What it does not know stays and is found out.
func certificateLetter(r rune) rune {
	if r >= 'a' && r <= 'z' {
		r -= 'a' - 'A'
	}
	switch r {
	case ' ', '-', '.', '_', '/', '\t', '\n', '\u00a0', '\u2010', '\u2011', '\u2012', '\u2013', '\u2014', '\u2212':
		return -1
	case 'O':
		return '0'
	case 'I', 'L':
		return '1'
	}
	return r
}
