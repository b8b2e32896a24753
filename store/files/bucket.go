package files

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"
)

// Place is a bucket of an S3 service.
type Place struct {
	Host, Bucket, Region string
	Key, Secret          string
	TLS                  bool
}

// Bucket keeps objects in an S3 service.
type Bucket struct {
	client *minio.Core
	bucket string
}

// bucketTries bounds how often one call is tried: the caller has people waiting.
const bucketTries = 3

// OpenBucket does not ask the service anything yet. transport may be nil.
func OpenBucket(p Place, transport http.RoundTripper) (*Bucket, error) {
	client, err := minio.NewCore(p.Host, &minio.Options{
		Creds:  credentials.NewStaticV4(p.Key, p.Secret, ""),
		Secure: p.TLS, Region: p.Region, Transport: transport, MaxRetries: bucketTries,
	})
	if err != nil {
		return nil, errors.New("files: not the address of an S3 service")
	}
	return &Bucket{client: client, bucket: p.Bucket}, nil
}

// Put implements Store. S3 wants the size first, and its uploads in parts
// take 5 MiB of memory each and leave parts behind when they are killed: so
// the content goes to the disk first and from there up in one piece.
func (b *Bucket) Put(ctx context.Context, key string, r io.Reader) (int64, error) {
	if err := CheckKey(key); err != nil {
		return 0, err
	}
	spool, err := nameless()
	if err != nil {
		return 0, fmt.Errorf("put: %w", err)
	}
	defer spool.Close() // what is in it is up, or of no use
	size, err := io.Copy(spool, &counted{ctx: ctx, r: r})
	if err != nil {
		return 0, fmt.Errorf("put: %w", err)
	}
	if _, err := spool.Seek(0, io.SeekStart); err != nil {
		return 0, fmt.Errorf("put: %w", err)
	}
	_, err = b.client.Client.PutObject(ctx, b.bucket, key, spool, size,
		minio.PutObjectOptions{ContentType: "application/octet-stream", DisableMultipart: true})
	if err != nil {
		return 0, fmt.Errorf("put: %w", err)
	}
	return size, nil
}

// nameless makes a file that is gone as soon as it is closed, also by a kill.
func nameless() (*os.File, error) {
	f, err := os.CreateTemp("", "umkmbot-")
	if err != nil {
		return nil, err
	}
	if err := os.Remove(f.Name()); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Open implements Store.
func (b *Bucket) Open(ctx context.Context, key string) (io.ReadCloser, error) {
	if err := CheckKey(key); err != nil {
		return nil, err
	}
	body, _, _, err := b.client.GetObject(ctx, b.bucket, key, minio.GetObjectOptions{})
	if missing(err) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	return body, nil
}

// missing: the service knows no such object.
func missing(err error) bool { return err != nil && minio.ToErrorResponse(err).Code == minio.NoSuchKey }

// Move implements Store.
func (b *Bucket) Move(ctx context.Context, from, to string) error {
	if err := errors.Join(CheckKey(from), CheckKey(to)); err != nil {
		return err
	}
	_, err := b.client.Client.CopyObject(ctx, minio.CopyDestOptions{Bucket: b.bucket, Object: to},
		minio.CopySrcOptions{Bucket: b.bucket, Object: from})
	if missing(err) {
		return b.moved(ctx, to)
	}
	if err != nil {
		return fmt.Errorf("move: %w", err)
	}
	return b.Delete(ctx, from)
}

func (b *Bucket) moved(ctx context.Context, to string) error {
	_, err := b.client.Client.StatObject(ctx, b.bucket, to, minio.StatObjectOptions{})
	if missing(err) {
		return ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("move: %w", err)
	}
	return nil
}

// Delete implements Store.
func (b *Bucket) Delete(ctx context.Context, key string) error {
	if err := CheckKey(key); err != nil {
		return err
	}
	err := b.client.RemoveObject(ctx, b.bucket, key, minio.RemoveObjectOptions{})
	if err != nil && !missing(err) {
		return fmt.Errorf("delete: %w", err)
	}
	return nil
}

// List implements Store.
func (b *Bucket) List(ctx context.Context, after string, limit int) ([]Object, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends the library's paging
	var found []Object
	if limit < 1 {
		return nil, nil
	}
	for o := range b.client.ListObjectsIter(ctx, b.bucket, minio.ListObjectsOptions{Recursive: true, StartAfter: after, MaxKeys: limit}) {
		if o.Err != nil {
			return nil, fmt.Errorf("list: %w", o.Err)
		}
		if CheckKey(o.Key) == nil {
			found = append(found, Object{Key: o.Key, Size: o.Size, At: o.LastModified})
		}
		if len(found) == limit {
			break
		}
	}
	return found, nil
}

// Sweep implements Store: an upload in one piece leaves nothing behind.
func (b *Bucket) Sweep(context.Context, time.Duration) (int, error) { return 0, nil }

// Check implements Store.
func (b *Bucket) Check(ctx context.Context) error {
	ok, err := b.client.BucketExists(ctx, b.bucket)
	if err != nil {
		return fmt.Errorf("files: the S3 service does not answer, or refuses the key: %w", err)
	}
	if !ok {
		return errors.New("files: the S3 service has no such bucket, or the key may not see it")
	}
	return nil
}
