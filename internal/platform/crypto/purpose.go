package crypto

import (
	"fmt"

	"github.com/tink-crypto/tink-go/v2/aead"
	"github.com/tink-crypto/tink-go/v2/prf"
	tinkpb "github.com/tink-crypto/tink-go/v2/proto/tink_go_proto"
)

// Purpose names what the keys of one file may be used for.
type Purpose string

// The purposes whose keys seal, hash or sign. Those of document signatures are named by DocumentPurpose.
const (
	// Wrap seals the data keys of customers.
	Wrap Purpose = "wrap"
	// Data seals fields that belong to no customer: staff, settings, provider credentials.
	Data Purpose = "data"
	// Intent seals payment intents between check and send.
	Intent Purpose = "intent"
	// Cursor seals the paging cursors that clients hand back.
	Cursor Purpose = "cursor"
	// Flow seals what a client carries between two steps: a sign-in challenge, a registration.
	Flow Purpose = "flow"
	// Backup seals copies of the whole database.
	Backup Purpose = "backup"

	// PIN proves payment PINs.
	PIN Purpose = "pin"
	// Audit authenticates audit rows until they are sealed into the Merkle log.
	Audit Purpose = "audit"
	// Session hashes bearer secrets that are looked up: session tokens, public links.
	Session Purpose = "session"
	// Code hashes one-time codes.
	Code Purpose = "code"
	// Index hashes looked-up personal values; two generations may live at once.
	Index Purpose = "index"

	// Checkpoint signs the checkpoints of the audit log.
	Checkpoint Purpose = "checkpoint"
)

// kind is the sort of key that a purpose needs.
type kind int

const (
	sealing kind = iota + 1 // Tink AEAD keyset
	hashing                 // Tink PRF keyset
	noting                  // Ed25519 keys
	signing                 // key and certificate of a document signer
)

// Purposes lists every purpose of a ring, in a fixed order.
func Purposes() []Purpose {
	all := []Purpose{Wrap, Data, Intent, Cursor, Flow, Backup, PIN, Audit, Session, Code, Index, Checkpoint}
	for _, name := range Algorithms() {
		all = append(all, DocumentPurpose(name))
	}
	return all
}

// DocumentPurpose names the keys that sign documents by an algorithm, one of Algorithms.
func DocumentPurpose(algorithm string) Purpose { return Purpose("document-" + algorithm) }

// kind tells the sort of key; zero for an unknown purpose.
func (p Purpose) kind() kind {
	switch p {
	case Wrap, Data, Intent, Cursor, Flow, Backup:
		return sealing
	case PIN, Audit, Session, Code, Index:
		return hashing
	case Checkpoint:
		return noting
	}
	if _, known := p.algorithm(); known {
		return signing
	}
	return 0
}

// algorithm is the one that document keys of this purpose use.
func (p Purpose) algorithm() (algorithm, bool) {
	for _, a := range algorithms() {
		if p == DocumentPurpose(a.name) {
			return a, true
		}
	}
	return algorithm{}, false
}

// template is the Tink key that the purpose uses. XAES-256-GCM has a nonce long enough to draw at random for as many
// values as a bank will ever seal.
func (p Purpose) template() (*tinkpb.KeyTemplate, error) {
	switch p.kind() {
	case sealing:
		return aead.XAES256GCM192BitNonceKeyTemplate(), nil
	case hashing:
		return prf.HMACSHA256PRFKeyTemplate(), nil
	}
	return nil, fmt.Errorf("%w: %q has no key set", ErrPurpose, p)
}

// file is the name of the key file of the purpose.
func (p Purpose) file() string {
	switch p.kind() {
	case sealing, hashing:
		return string(p) + ".json"
	}
	return string(p) + ".pem"
}
