// Package s3 speaks to an object store of the S3 kind: MinIO, Ceph, or a cloud's. It keeps sealed bytes under names, and
// knows nothing of what they are: platform/blob seals documents before they come here, and backups are sealed too.
//
//	place, err := s3.Parse("s3://bank-documents/blobs?endpoint=https://s3.example:9000&region=cn-north-1")
//	bucket, err := s3.Open(place, s3.Credentials{Key: key, Secret: secret})
//	err = bucket.Put(ctx, "blob_00dk…", sealed)
//
// Objects are whole or not there. The bucket is the operator's: made, versioned, locked against deletion by him.
package s3

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/netip"
	"net/url"
	"path"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"github.com/tongbao/tongbao/internal/platform/crypto"
)

// ObjectMax is how many bytes an object may have that is read into memory.
const ObjectMax = 64 << 20

const (
	patience = 20 * time.Second // of one small request
	listMost = 1_000_000        // objects of one list
)

// Refusals of an address, and of an object.
var (
	ErrAddress  = errors.New("s3: an address is s3://BUCKET/FOLDER?endpoint=https://HOST:PORT&region=REGION")
	ErrPlain    = errors.New("s3: plain HTTP to another machine: objects and credentials would cross the network in clear")
	ErrTooLarge = errors.New("s3: the object is larger than anything that is kept here")
)

// Place says where objects are kept.
type Place struct {
	Endpoint string // host and port
	Plain    bool   // without TLS, to this very machine only
	Region   string
	Bucket   string
	Folder   string // before each name; empty for none
}

// Credentials open a place. They belong into variables or files, never into an address, which stands in logs.
type Credentials struct {
	Key    string
	Secret crypto.Secret
}

// Parse reads an address. Errors: ErrAddress, ErrPlain.
func Parse(address string) (Place, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "s3" || u.Host == "" || u.User != nil {
		return Place{}, ErrAddress
	}
	q := u.Query()
	for name := range q {
		if name != "endpoint" && name != "region" {
			return Place{}, ErrAddress
		}
	}
	end, err := url.Parse(q.Get("endpoint"))
	if err != nil || end.Host == "" || end.Path != "" || end.User != nil || end.Scheme != "https" && end.Scheme != "http" {
		return Place{}, ErrAddress
	}
	p := Place{Endpoint: end.Host, Plain: end.Scheme == "http", Region: q.Get("region"), Bucket: u.Host, Folder: strings.Trim(u.Path, "/")}
	if p.Plain && !here(end.Hostname()) {
		return Place{}, ErrPlain
	}
	return p, nil
}

// here reports whether a host is this very machine.
func here(host string) bool {
	a, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && a.IsLoopback()
}

// Bucket keeps objects. It is safe for concurrent use.
type Bucket struct {
	client *minio.Client
	place  Place
}

// Open makes a bucket; nothing is asked of the store yet.
func Open(p Place, c Credentials) (*Bucket, error) {
	client, err := minio.New(p.Endpoint, &minio.Options{
		Creds: credentials.NewStaticV4(c.Key, c.Secret.Reveal(), ""), Secure: !p.Plain, Region: p.Region, BucketLookup: minio.BucketLookupPath,
	})
	if err != nil {
		return nil, fmt.Errorf("open object store: %w", err)
	}
	return &Bucket{client, p}, nil
}

// Check finds out whether the bucket is there and may be used: at the start of a node.
func (b *Bucket) Check(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	found, err := b.client.BucketExists(ctx, b.place.Bucket)
	if err != nil {
		return fmt.Errorf("reach bucket %s: %w", b.place.Bucket, err)
	}
	if !found {
		return fmt.Errorf("there is no bucket %s at %s", b.place.Bucket, b.place.Endpoint)
	}
	return nil
}

// Put keeps an object under a name, in place of an earlier one.
func (b *Bucket) Put(ctx context.Context, name string, content []byte) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	return b.Upload(ctx, name, bytes.NewReader(content), int64(len(content)))
}

// Upload keeps a large object; it takes as long as ctx allows. A size of -1 says that it is not known.
func (b *Bucket) Upload(ctx context.Context, name string, content io.Reader, size int64) error {
	o := minio.PutObjectOptions{
		ContentType: "application/octet-stream", SendContentMd5: true,
		DisableContentSha256: true, // the body is guarded by TLS, and what is sealed shows each change by itself
	}
	if _, err := b.client.PutObject(ctx, b.place.Bucket, b.name(name), content, size, o); err != nil {
		return fmt.Errorf("put object %s: %w", name, err)
	}
	return nil
}

// Find reads an object into memory; false when there is none. Error: ErrTooLarge.
func (b *Bucket) Find(ctx context.Context, name string) ([]byte, bool, error) {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	from, err := b.Download(ctx, name)
	if err != nil {
		return nil, false, err
	}
	defer func() { _ = from.Close() }() // read to its end, or given up
	content, err := io.ReadAll(io.LimitReader(from, ObjectMax+1))
	switch {
	case missing(err):
		return nil, false, nil
	case err != nil:
		return nil, false, fmt.Errorf("read object %s: %w", name, err)
	case len(content) > ObjectMax:
		return nil, false, ErrTooLarge
	}
	return content, true, nil
}

// Download opens a large object. One that is not there fails when it is read; Missing tells.
func (b *Bucket) Download(ctx context.Context, name string) (io.ReadCloser, error) {
	from, err := b.client.GetObject(ctx, b.place.Bucket, b.name(name), minio.GetObjectOptions{})
	if err != nil {
		return nil, fmt.Errorf("open object %s: %w", name, err)
	}
	return from, nil
}

// Missing reports whether an error says that an object is not there.
func Missing(err error) bool { return missing(err) }

func missing(err error) bool {
	var answer minio.ErrorResponse
	return errors.As(err, &answer) && answer.Code == minio.NoSuchKey
}

// Delete removes an object; one that is not there is no error.
func (b *Bucket) Delete(ctx context.Context, name string) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	if err := b.client.RemoveObject(ctx, b.place.Bucket, b.name(name), minio.RemoveObjectOptions{}); err != nil {
		return fmt.Errorf("delete object %s: %w", name, err)
	}
	return nil
}

// Object is an entry of a list.
type Object struct {
	Name string
	Size int64 // bytes
	At   time.Time
}

// List names the objects whose names begin so, in the order of their names.
func (b *Bucket) List(ctx context.Context, begin string) ([]Object, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel() // ends the list that is read no further
	var all []Object
	for o := range b.client.ListObjects(ctx, b.place.Bucket, minio.ListObjectsOptions{Prefix: b.name(begin), Recursive: true}) {
		if o.Err != nil {
			return nil, fmt.Errorf("list objects: %w", o.Err)
		}
		if len(all) == listMost {
			return nil, fmt.Errorf("list objects: more than %d", listMost)
		}
		all = append(all, Object{strings.TrimPrefix(o.Key, b.folder()), o.Size, o.LastModified})
	}
	return all, nil
}

func (b *Bucket) folder() string {
	if b.place.Folder == "" {
		return ""
	}
	return b.place.Folder + "/"
}

// name is an object's whole name; a part that would climb out of the folder stays inside it.
func (b *Bucket) name(name string) string {
	if name == "" {
		return b.folder()
	}
	return b.folder() + strings.TrimPrefix(path.Clean("/"+name), "/")
}
