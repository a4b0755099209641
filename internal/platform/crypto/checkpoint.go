package crypto

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// noteEd25519 is the algorithm number of Ed25519 in keys of package note.
const noteEd25519 = 1

// CheckpointSigner signs the checkpoints of the audit log as notes, under the given key name ("tongbao.example").
func (r *Ring) CheckpointSigner(name string) (note.Signer, error) {
	pairs := r.keys.Load().pairs[Checkpoint]
	key := pairs[len(pairs)-1].key.(ed25519.PrivateKey)
	verifier, err := noteVerifierKey(name, key)
	if err != nil {
		return nil, err
	}
	// A note's private key is written as PRIVATE+KEY+<name>+<hash>+<base64 of algorithm and seed>; the hash is the
	// one in the public key <name>+<hash>+<key>.
	hash := strings.SplitN(strings.TrimPrefix(verifier, name+"+"), "+", 2)[0]
	seed := base64.StdEncoding.EncodeToString(append([]byte{noteEd25519}, key.Seed()...))
	signer, err := note.NewSigner("PRIVATE+KEY+" + name + "+" + hash + "+" + seed)
	if err != nil {
		return nil, fmt.Errorf("make checkpoint signer: %w", err)
	}
	return signer, nil
}

// CheckpointVerifiers knows all live checkpoint keys under the given name, so that checkpoints from before a
// rotation still verify.
func (r *Ring) CheckpointVerifiers(name string) (note.Verifiers, error) {
	keys, err := r.CheckpointKeys(name)
	if err != nil {
		return nil, err
	}
	var all []note.Verifier
	for _, key := range keys {
		verifier, err := note.NewVerifier(key)
		if err != nil {
			return nil, fmt.Errorf("make checkpoint verifier: %w", err)
		}
		all = append(all, verifier)
	}
	return note.VerifierList(all...), nil
}

// CheckpointKeys are the public keys of checkpoints as texts, oldest first, for auditors who check without the ring.
func (r *Ring) CheckpointKeys(name string) ([]string, error) {
	var keys []string
	for _, made := range r.keys.Load().pairs[Checkpoint] {
		key, err := noteVerifierKey(name, made.key.(ed25519.PrivateKey))
		if err != nil {
			return nil, err
		}
		keys = append(keys, key)
	}
	return keys, nil
}

func noteVerifierKey(name string, key ed25519.PrivateKey) (string, error) {
	verifier, err := note.NewEd25519VerifierKey(name, key.Public().(ed25519.PublicKey))
	if err != nil {
		return "", fmt.Errorf("make checkpoint key: %w", err)
	}
	return verifier, nil
}
