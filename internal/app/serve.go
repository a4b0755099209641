package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/platform/clock"
)

// Limits of a connection: a slow or silent peer must not hold it for long.
const (
	headerPatience = 5 * time.Second
	readPatience   = 30 * time.Second
	writePatience  = 60 * time.Second
	idlePatience   = 2 * time.Minute
	headerBytes    = 32 << 10
	stopPatience   = 15 * time.Second
)

// Addresses are where a node is reached.
type Addresses struct {
	Mobile  string `json:"mobile"`
	Console string `json:"console"`
	Metrics string `json:"metrics"`
}

// node is a bank that is being served.
type node struct {
	bank      *Bank
	telemetry *telemetry
	stopping  atomic.Bool
	servers   []*http.Server
}

// Serve opens the bank and answers until ctx ends, then stops cleanly. Ready is called once it listens.
func Serve(ctx context.Context, c Config, o Options, ready func(*Bank, Addresses)) error {
	listeners, err := listen(ctx, &c)
	if err != nil {
		return err
	}
	defer closeAll(listeners)
	tele, err := newTelemetry(ctx, c.Traces)
	if err != nil {
		return err
	}
	defer tele.close()
	bank, err := New(ctx, c, o)
	if err != nil {
		return err
	}
	defer bank.Close()
	n := &node{bank: bank, telemetry: tele}
	handlers, err := n.handlers()
	if err != nil {
		return err
	}
	if err := bank.Start(context.WithoutCancel(ctx)); err != nil {
		return err
	}
	failed := n.serve(listeners, handlers)
	ready(bank, Addresses{bank.Config.address(c.Listen), bank.Config.address(c.ConsoleListen), "http://" + c.MetricsListen})
	select {
	case <-ctx.Done():
		return n.stop()
	case err := <-failed:
		return errors.Join(err, n.stop())
	}
}

// listen takes the three addresses; a port of 0 becomes the one that the system chose.
func listen(ctx context.Context, c *Config) ([]net.Listener, error) {
	if err := c.normalise(); err != nil {
		return nil, err
	}
	var config net.ListenConfig
	var all []net.Listener
	for _, address := range []*string{&c.Listen, &c.ConsoleListen, &c.MetricsListen} {
		l, err := config.Listen(ctx, "tcp", *address)
		if err != nil {
			closeAll(all)
			return nil, fmt.Errorf("listen on %s: %w", *address, err)
		}
		*address = l.Addr().String()
		all = append(all, l)
	}
	return all, nil
}

func closeAll(listeners []net.Listener) {
	for _, l := range listeners {
		_ = l.Close() // closed by its server already, as a rule
	}
}

func (n *node) serve(listeners []net.Listener, handlers []http.Handler) <-chan error {
	failed := make(chan error, len(listeners))
	for i, l := range listeners {
		s := &http.Server{
			Handler: handlers[i], ReadHeaderTimeout: headerPatience, ReadTimeout: readPatience, WriteTimeout: writePatience,
			IdleTimeout: idlePatience, MaxHeaderBytes: headerBytes, ErrorLog: slog.NewLogLogger(n.bank.Log.Handler(), slog.LevelDebug),
		}
		n.servers = append(n.servers, s)
		if isPublic := i < 2; isPublic && n.bank.Config.TLS != "" {
			cert, err := certificate(n.bank.Config.TLS, clock.System().Now())
			if err != nil {
				failed <- err
				return failed
			}
			s.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12, NextProtos: []string{"h2", "http/1.1"}}
			l = tls.NewListener(l, s.TLSConfig)
		}
		go func() {
			if err := s.Serve(l); !errors.Is(err, http.ErrServerClosed) {
				failed <- fmt.Errorf("serve: %w", err)
			}
		}()
	}
	return failed
}

// stop says "not ready", then lets requests under way finish.
func (n *node) stop() error {
	n.stopping.Store(true)
	ctx, cancel := context.WithTimeout(context.Background(), stopPatience)
	defer cancel()
	var failed []error
	for _, s := range n.servers {
		if err := s.Shutdown(ctx); err != nil { // some peer takes too long: the rooms close behind it
			failed = append(failed, err, s.Close())
		}
	}
	return errors.Join(failed...)
}

// handlers are those of the customers' app, the console and the operators' listener.
func (n *node) handlers() ([]http.Handler, error) {
	trusted, err := n.bank.Config.proxies()
	if err != nil {
		return nil, err
	}
	mobile, err := n.mobile()
	if err != nil {
		return nil, err
	}
	console, err := n.console()
	if err != nil {
		return nil, err
	}
	if err := n.bank.register(n.telemetry.registry); err != nil {
		return nil, fmt.Errorf("register metrics: %w", err)
	}
	secure := n.bank.Config.TLS != "" || strings.HasPrefix(n.bank.Config.PublicURL, "https://")
	wrap := func(h http.Handler, name string) http.Handler {
		return otelhttp.NewHandler(&edge{next: h, trusted: trusted, tls: secure, log: n.bank.Log, crashed: n.crashed(name)}, name,
			otelhttp.WithServerName(name), otelhttp.WithTracerProvider(n.telemetry.traces), otelhttp.WithMeterProvider(n.telemetry.meters))
	}
	return []http.Handler{wrap(mobile, "mobile"), wrap(console, "console"), n.operators()}, nil
}

// crashed counts a panic, and answers with a problem that holds the trace id and nothing of what went wrong.
func (n *node) crashed(listener string) func(w http.ResponseWriter, r *http.Request) {
	problems := api.NewProblems(n.bank.Catalog, n.bank.Log)
	return func(w http.ResponseWriter, r *http.Request) {
		n.bank.measures.panics.WithLabelValues(listener).Inc()
		problems.Write(w, r, api.ErrCrashed)
	}
}
