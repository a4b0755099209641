package crypto

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"

	"golang.org/x/crypto/argon2"
)

// Argon2id as the OWASP Password Storage Cheat Sheet recommends it: 19 MiB, two passes, one lane.
const (
	passwordMemoryKiB = 19 * 1024
	passwordPasses    = 2
	passwordLanes     = 1
	passwordSaltSize  = 16
	passwordHashSize  = 32
)

// What Verify accepts from the database at most, so that a damaged row cannot exhaust the machine.
const (
	maxPasswordMemoryKiB = 1 << 20
	maxPasswordPasses    = 16
	maxPasswordLanes     = 16
	maxPasswordBytes     = 1024
)

// Refusals of passwords.
var (
	// ErrPasswordHash reports a stored hash that is not an Argon2id hash in PHC format.
	ErrPasswordHash = errors.New("crypto: not a password hash")
	// ErrPasswordLength refuses a password of more than 1,024 bytes.
	ErrPasswordLength = errors.New("crypto: password too long")
	// ErrPasswordQueue says that too many hashes wait already; this one was not made.
	ErrPasswordQueue = errors.New("crypto: too many passwords wait")
)

// Passwords hashes and checks passwords with Argon2id. A hash costs tens of milliseconds and 19 MiB by intent, so no
// more run at once than there are places; a few seconds' worth of others wait until theirs or their context's end, and
// what comes on top is refused, so that a flood of sign-ins cannot hold everybody up for minutes.
type Passwords struct {
	places  chan struct{}
	waiting atomic.Int64
	nobody  string // a hash that no password has
}

// passwordQueue is how many hashes may wait for each place: some four seconds.
const passwordQueue = 64

// NewPasswords allows as many hashes at once as there are cores for them.
func NewPasswords(cores int) *Passwords {
	return &Passwords{
		places: make(chan struct{}, max(cores, 1)),
		nobody: params{passwordMemoryKiB, passwordPasses, passwordLanes}.phc(Random(passwordSaltSize), Random(passwordHashSize)),
	}
}

// Hash gives the PHC text ($argon2id$v=19$m=19456,t=2,p=1$salt$hash) to store for a password.
func (p *Passwords) Hash(ctx context.Context, password string) (string, error) {
	if len(password) > maxPasswordBytes {
		return "", ErrPasswordLength
	}
	now := params{passwordMemoryKiB, passwordPasses, passwordLanes}
	salt := Random(passwordSaltSize)
	hash, err := p.derive(ctx, now, password, salt, passwordHashSize)
	if err != nil {
		return "", err
	}
	return now.phc(salt, hash), nil
}

// Verify tells whether the password has this hash, and whether it should be hashed again because the parameters
// have grown since. An error is the context's or ErrPasswordHash, never a wrong password.
func (p *Passwords) Verify(ctx context.Context, password, phc string) (ok, rehash bool, err error) {
	stored, salt, want, err := parsePHC(phc)
	if err != nil {
		return false, false, err
	}
	if len(password) > maxPasswordBytes {
		return false, false, nil
	}
	got, err := p.derive(ctx, stored, password, salt, len(want))
	if err != nil {
		return false, false, err
	}
	ok = Equal(got, want)
	return ok, ok && stored != params{passwordMemoryKiB, passwordPasses, passwordLanes}, nil
}

// VerifyNobody costs what Verify costs, for a person who does not exist: time must not tell who does.
func (p *Passwords) VerifyNobody(ctx context.Context, password string) error {
	_, _, err := p.Verify(ctx, password, p.nobody)
	return err
}

// Full tells whether another hash would be refused now: ask before an attempt is counted that could not be made.
func (p *Passwords) Full() bool { return p.waiting.Load() >= int64(cap(p.places)*passwordQueue) }

func (p *Passwords) derive(ctx context.Context, with params, password string, salt []byte, size int) ([]byte, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if p.Full() {
		return nil, ErrPasswordQueue
	}
	p.waiting.Add(1)
	select {
	case p.places <- struct{}{}:
		p.waiting.Add(-1)
	case <-ctx.Done():
		p.waiting.Add(-1)
		return nil, ctx.Err()
	}
	defer func() { <-p.places }()
	return argon2.IDKey([]byte(password), salt, with.passes, with.memoryKiB, with.lanes, uint32(size)), nil
}

// params are the costs of one Argon2id hash.
type params struct {
	memoryKiB, passes uint32
	lanes             uint8
}

func (c params) phc(salt, hash []byte) string {
	text := base64.RawStdEncoding.EncodeToString
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, c.memoryKiB, c.passes, c.lanes, text(salt), text(hash))
}

func parsePHC(phc string) (c params, salt, hash []byte, err error) {
	parts := strings.Split(phc, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return params{}, nil, nil, ErrPasswordHash
	}
	var memory, passes, lanes uint32
	if _, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &memory, &passes, &lanes); err != nil {
		return params{}, nil, nil, ErrPasswordHash
	}
	salt, errSalt := base64.RawStdEncoding.Strict().DecodeString(parts[4])
	hash, errHash := base64.RawStdEncoding.Strict().DecodeString(parts[5])
	if errSalt != nil || errHash != nil || !within(memory, 8*lanes, maxPasswordMemoryKiB) ||
		!within(passes, 1, maxPasswordPasses) || !within(lanes, 1, maxPasswordLanes) ||
		!within(uint32(len(salt)), 8, 64) || !within(uint32(len(hash)), 16, 64) {
		return params{}, nil, nil, ErrPasswordHash
	}
	return params{memory, passes, uint8(lanes)}, salt, hash, nil
}

func within(n, low, high uint32) bool { return n >= low && n <= high }
