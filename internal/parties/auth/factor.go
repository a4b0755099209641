package auth

import (
	"time"

	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/values/id"
)

// Method is a way to prove who one is.
type Method string

// The methods. What each is good enough for is in function accepts.
const (
	MethodPassword        Method = "password"
	MethodCode            Method = "code"              // a code to the phone or mail address
	MethodPasswordAndCode Method = "password_and_code" // both: two factors
	MethodPasskey         Method = "passkey"           // with user verification: two factors in one
	MethodPIN             Method = "pin"               // the payment PIN
	MethodReverified      Method = "reverified"        // document and face, seen again
)

// Factor is one attempt to prove oneself: the fields that the method needs are set.
type Factor struct {
	Method     Method
	Password   crypto.Secret
	PIN        crypto.Secret
	Code       crypto.Secret
	Challenge  id.Challenge // of the code or of the passkey
	Credential []byte       // the browser's PublicKeyCredential as JSON
}

// Evidence allows a factor to be changed: the proof of a step-up of the same session, or a fresh re-verification.
type Evidence struct {
	Proof      crypto.Secret
	Reverified Reverified
}

// Reverified says that a person has just been verified again by document and face. Only parties/customer makes it,
// after its provider agreed; each verification serves once and only while it is fresh.
type Reverified struct {
	Principal    Principal
	Verification id.Verification
	At           time.Time
	Code         Verified // the code that opened the way, consumed with it; zero when there was none
}
