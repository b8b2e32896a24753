package files

import (
	"errors"
	"net/url"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// Address says where files are kept: a folder, or a bucket.
type Address struct {
	Folder string // an absolute path; "": Place
	Place  Place
}

var (
	errScheme  = errors.New("must begin with file:/// or s3://")
	errFolder  = errors.New("must be file:// and an absolute path: file:///var/lib/umkmbot/files")
	errBucket  = errors.New("must be s3://key:secret@host/bucket")
	bucketForm = regexp.MustCompile(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)
)

// ParseAddress reads file:///path or s3://key:secret@host[:port]/bucket with
// region=… and tls=true|false (true where it is not said). Its errors never
// repeat what was given: it holds a secret.
func ParseAddress(s string) (Address, error) {
	u, err := url.Parse(s)
	if err != nil {
		return Address{}, errors.New("is no address; in a key or secret write / as %2F, + as %2B, @ as %40")
	}
	switch u.Scheme {
	case "file":
		return folderAddress(u)
	case "s3":
		return bucketAddress(u)
	}
	return Address{}, errScheme
}

func folderAddress(u *url.URL) (Address, error) {
	if u.Host != "" || u.User != nil || u.RawQuery != "" || !filepath.IsAbs(u.Path) || filepath.Clean(u.Path) == "/" {
		return Address{}, errFolder
	}
	return Address{Folder: filepath.Clean(u.Path)}, nil
}

func bucketAddress(u *url.URL) (Address, error) {
	p := Place{Host: u.Host, Bucket: strings.Trim(u.Path, "/"), TLS: true}
	p.Key = u.User.Username()
	p.Secret, _ = u.User.Password()
	if p.Host == "" || p.Key == "" || p.Secret == "" {
		return Address{}, errBucket
	}
	if !bucketForm.MatchString(p.Bucket) {
		return Address{}, errors.New("its path must be the bucket's name alone: 3–63 of a-z 0-9 . -")
	}
	query, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return Address{}, errBucket
	}
	for name := range query {
		switch name {
		case "region":
			p.Region = query.Get(name)
		case "tls":
			if p.TLS, err = strconv.ParseBool(query.Get(name)); err != nil {
				return Address{}, errors.New("its tls must be true or false")
			}
		default:
			return Address{}, errors.New("behind ? only region=… and tls=… are known")
		}
	}
	return Address{Place: p}, nil
}

// Open opens the folder or the bucket, unsealed.
func (a Address) Open() (Store, error) {
	if a.Folder != "" {
		return OpenFolder(a.Folder)
	}
	return OpenBucket(a.Place, nil)
}

// Look opens it to look at what is there: unlike Open it makes no folder.
func (a Address) Look() (Store, error) {
	if a.Folder != "" {
		return &Folder{root: a.Folder}, nil
	}
	return a.Open()
}
