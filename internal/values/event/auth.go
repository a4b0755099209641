package event

import (
	"time"

	"github.com/tongbao/tongbao/internal/values/id"
)

// A principal is a customer's or a staff member's id.

// SignedIn tells that a session began.
type SignedIn struct {
	Principal string     `json:"principal"`
	Session   id.Session `json:"session"`
	Device    id.Device  `json:"device"`
	Method    string     `json:"method"` // password, code, passkey
	NewDevice bool       `json:"newDevice"`
}

// SignInRefused tells that somebody tried to sign in as a known principal and failed.
type SignInRefused struct {
	Principal   string    `json:"principal"`
	Device      id.Device `json:"device"` // empty when the device is not known
	Method      string    `json:"method"`
	Code        string    `json:"code"` // why
	KnownDevice bool      `json:"knownDevice"`
}

// FactorChanged tells that a way to prove who one is was added, changed or removed.
type FactorChanged struct {
	Principal string `json:"principal"`
	Factor    string `json:"factor"` // password, pin, passkey, phone, email, device
	Change    string `json:"change"` // added, changed, removed
	Proof     string `json:"proof"`  // by what it was allowed: password, passkey, verification
}

// FactorLocked tells that a factor failed too often and waits.
type FactorLocked struct {
	Principal string    `json:"principal"`
	Factor    string    `json:"factor"`
	Device    id.Device `json:"device"` // empty when the lock is not of one device
	Until     time.Time `json:"until"`
}

// SessionsEnded tells that sessions ended before their time.
type SessionsEnded struct {
	Principal string `json:"principal"`
	Reason    string `json:"reason"` // signed_out_everywhere, factor_changed, state_changed, device_unbound, act
	Count     int    `json:"count"`
}

func (SignedIn) kind() (string, int)      { return "auth.signed_in", 1 }
func (SignInRefused) kind() (string, int) { return "auth.sign_in_refused", 1 }
func (FactorChanged) kind() (string, int) { return "auth.factor_changed", 1 }
func (FactorLocked) kind() (string, int)  { return "auth.factor_locked", 1 }
func (SessionsEnded) kind() (string, int) { return "auth.sessions_ended", 1 }
