// Package blob keeps documents: photographs of identity papers and faces, receipts, statements.
//
// A *blob* belongs to an owner, a customer or the bank; it is sealed under the owner's data key, so that it is erased
// with the owner; it is never changed, and is read only by its owner's id together with its own:
//
//	picture, contentType, err := blob.CleanImage(upload)
//	key, err := blobs.Put(ctx, tx, blob.New{Owner: string(c), Kind: "customer.id_front", ContentType: contentType, Content: picture})
//	b, err := blobs.Get(ctx, tx, string(c), key)
//
// What a customer uploads is never kept as it came: CleanImage decodes it and draws it anew. Only JPEG and PNG are read,
// by the decoders of Go's library, after the header has said that the picture is not too large; so nothing of the file
// but its pixels survives, neither the place where it was taken nor a script or an archive hidden in it. SVG and other
// documents that can do something are refused.
//
// The content stands behind Storage: in the database, which makes it part of the transaction and of the backup, or in an
// object store (Objects), whose backup is the operator's.
package blob

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/vault"
)

//go:embed migrations
var files embed.FS

// Migrations are the tables of this room.
func Migrations() db.Migrations { return db.Migrations{Domain: "blob", Files: files} }

// SizeMax is the largest document, in bytes.
const SizeMax = 8 << 20

// The content types that are kept.
const (
	JPEG = "image/jpeg"
	PNG  = "image/png"
	PDF  = "application/pdf"
	ZIP  = "application/zip" // copies of personal data; a person sends none
	CSV  = "text/csv"        // UTF-8 that says so with a byte order mark: only the bank's own are kept
)

const (
	prefix  = "blob_" // of ids, as in package id
	pageMax = 200
)

var (
	// ErrTooLarge refuses a document of more than SizeMax bytes.
	ErrTooLarge = fault.New(fault.Rejected, "blob.too_large")
	// ErrEmpty refuses a document without content.
	ErrEmpty = fault.New(fault.Invalid, "blob.empty")
	// ErrContentType refuses a document that is not of a kept type, or not of the type that it claims.
	ErrContentType = fault.New(fault.Rejected, "blob.content_type")
	// ErrNotFound says that the owner has no such document.
	ErrNotFound = fault.New(fault.NotFound, "blob.not_found")
	// ErrKind reports a document without an owner or a proper kind: a mistake of the program.
	ErrKind = errors.New("blob: no owner or not a kind")
)

var kindName = regexp.MustCompile(`^[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*$`)

// New is a document to be kept.
type New struct {
	Owner       string // customer id, or vault.Bank
	Kind        string // what it is for: "customer.id_front"
	ContentType string // JPEG, PNG, PDF, CSV or ZIP
	Content     []byte
}

// Info is what is known about a document.
type Info struct {
	ID          string
	Owner       string
	Kind        string
	ContentType string
	Size        int64
	MadeAt      time.Time
}

// Blob is a document.
type Blob struct {
	Info
	Content []byte
}

// Storage holds sealed documents by id. One outside the database writes at once, before the transaction commits, and
// leaves a sealed, nameless object behind when it does not.
type Storage interface {
	Put(ctx context.Context, tx *db.Tx, id string, sealed []byte) error
	Find(ctx context.Context, tx *db.Tx, id string) (sealed []byte, found bool, err error)
	Delete(ctx context.Context, tx *db.Tx, id string) error
}

// Store keeps documents. It is safe for concurrent use.
type Store struct {
	vault   *vault.Vault
	storage Storage
}

// NewStore makes a store whose content stands in a storage: Database() unless the bank has another.
func NewStore(v *vault.Vault, s Storage) *Store { return &Store{v, s} }

// Put keeps a document and answers its id. ErrEmpty, ErrTooLarge, ErrContentType.
func (s *Store) Put(ctx context.Context, tx *db.Tx, n New) (string, error) {
	if err := n.check(); err != nil {
		return "", err
	}
	info := Info{
		ID: prefix + crypto.SortableKey(tx.Now()), Owner: n.Owner, Kind: n.Kind,
		ContentType: n.ContentType, Size: int64(len(n.Content)), MadeAt: tx.Now(),
	}
	sealed, err := s.vault.Seal(ctx, tx, n.Owner, place(info), n.Content)
	if err != nil {
		return "", err
	}
	if err := s.storage.Put(ctx, tx, info.ID, sealed); err != nil {
		return "", fmt.Errorf("store document: %w", err)
	}
	if err := insertInfo(ctx, tx, info); err != nil {
		return "", fmt.Errorf("store document: %w", err)
	}
	return info.ID, nil
}

// Get reads a document of an owner: ErrNotFound when it is another's, vault.ErrDestroyed when the owner was erased.
func (s *Store) Get(ctx context.Context, tx *db.Tx, owner, id string) (Blob, error) {
	info, found, err := findInfo(ctx, tx, owner, id)
	if err != nil {
		return Blob{}, fmt.Errorf("find document: %w", err)
	}
	if !found {
		return Blob{}, ErrNotFound
	}
	sealed, found, err := s.storage.Find(ctx, tx, id)
	if err != nil {
		return Blob{}, fmt.Errorf("read document %s: %w", id, err)
	}
	if !found {
		return Blob{}, fmt.Errorf("read document %s: its content is gone from the storage", id)
	}
	content, err := s.vault.Open(ctx, tx, owner, place(info), sealed)
	if err != nil {
		return Blob{}, err
	}
	return Blob{info, content}, nil
}

// List tells of the documents of an owner, oldest first, after one of them. A limit of zero, or above 200, means 200.
func (s *Store) List(ctx context.Context, tx *db.Tx, owner, after string, limit int) ([]Info, error) {
	if limit <= 0 || limit > pageMax {
		limit = pageMax
	}
	all, err := listInfo(ctx, tx, owner, after, limit)
	if err != nil {
		return nil, fmt.Errorf("list documents: %w", err)
	}
	return all, nil
}

// Delete removes a document of an owner, when its retention ends. ErrNotFound when there is none.
func (s *Store) Delete(ctx context.Context, tx *db.Tx, owner, id string) error {
	found, err := deleteInfo(ctx, tx, owner, id)
	if err != nil {
		return fmt.Errorf("delete document: %w", err)
	}
	if !found {
		return ErrNotFound
	}
	if err := s.storage.Delete(ctx, tx, id); err != nil {
		return fmt.Errorf("delete document %s: %w", id, err)
	}
	return nil
}

func (n New) check() error {
	switch {
	case n.Owner == "" || !kindName.MatchString(n.Kind):
		return fmt.Errorf("%w: %q", ErrKind, n.Kind)
	case len(n.Content) == 0:
		return ErrEmpty
	case len(n.Content) > SizeMax:
		return ErrTooLarge
	case n.ContentType == "" || n.ContentType != typeOf(n.Content):
		return ErrContentType
	}
	return nil
}

// typeOf knows a kept type by its first bytes; what a client says about it counts for nothing.
func typeOf(content []byte) string {
	switch {
	case bytes.HasPrefix(content, []byte("\xff\xd8\xff")):
		return JPEG
	case bytes.HasPrefix(content, []byte("\x89PNG\r\n\x1a\n")):
		return PNG
	case bytes.HasPrefix(content, []byte("%PDF-")):
		return PDF
	case bytes.HasPrefix(content, []byte("PK\x03\x04")):
		return ZIP
	case bytes.HasPrefix(content, []byte("\xef\xbb\xbf")):
		return CSV
	}
	return ""
}

// place binds the content to its id and to what it is: nobody can show a selfie as an identity card.
func place(i Info) crypto.AAD {
	return crypto.AAD{Table: "blob_content", Column: "sealed", Row: i.ID + " " + i.Kind + " " + i.ContentType}
}
