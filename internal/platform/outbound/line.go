package outbound

import (
	"cmp"
	"context"
	"crypto/tls"
	"errors"
	"net"
	"sync"
)

// line is the connection of one attempt. The mail library looks at the caller's context only while it connects; the
// line also hangs up when the caller gives up later.
type line struct {
	config SMTPConfig

	mu         sync.Mutex
	connection net.Conn
	hungUp     bool
}

// dial connects to the server, with TLS from the first byte when the settings say so.
func (l *line) dial(ctx context.Context, network, address string) (net.Conn, error) {
	connection, err := (&net.Dialer{Timeout: l.config.Timeout}).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	if !l.keep(connection) {
		return nil, errors.Join(context.Canceled, connection.Close())
	}
	if cmp.Or(l.config.TLS, StartTLS) != DirectTLS {
		return connection, nil
	}
	secured := tls.Client(connection, l.config.tls())
	if err := secured.HandshakeContext(ctx); err != nil {
		return nil, errors.Join(err, connection.Close())
	}
	return secured, nil
}

// keep remembers the connection, unless the caller has given up already.
func (l *line) keep(connection net.Conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.connection = connection
	return !l.hungUp
}

func (l *line) hangUp() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.hungUp = true
	if l.connection != nil {
		_ = l.connection.Close()
	}
}
