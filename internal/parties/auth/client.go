package auth

import (
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/i18n"
)

// Audience is the application that a session is for. A session of one is nothing to the other.
type Audience string

// The audiences.
const (
	App     Audience = "app"     // customers' mobile application
	Console Audience = "console" // staff's console
)

// Client is the program through which somebody acts, as its cookie and headers tell.
type Client struct {
	Audience Audience
	Device   crypto.Secret // the device's token; empty when it has none yet
	Agent    string        // User-Agent: only a coarse name is kept of it
	Hint     string        // model or platform that a native app or a client hint names; wins over Agent
	Locale   i18n.Locale   // language of codes and warnings
}

// deviceTokenBits is the size of a device's token.
const deviceTokenBits = 256

// NewDeviceToken makes a token for a client that has none. It names nobody until a sign-in on it has succeeded.
func NewDeviceToken() crypto.Secret { return crypto.Secret(crypto.Token(deviceTokenBits)) }
