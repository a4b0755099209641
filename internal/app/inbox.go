package app

import (
	_ "embed" // the page of the demo's inbox
	"html/template"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"time"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/records/notify"
)

//go:embed inbox.html
var inboxText string

const inboxShown = 50

// inboxLine is one thing that the demo bank sent.
type inboxLine struct {
	At      time.Time `json:"at"`
	Channel string    `json:"channel"`
	To      string    `json:"to"`
	Title   string    `json:"title,omitempty"`
	Text    string    `json:"text"`
	Code    string    `json:"code,omitempty"`
}

// inbox shows what the demo bank sent, to this very machine only. A real bank has no such page.
func (n *node) inbox() http.Handler {
	page := template.Must(template.New("inbox").Parse(inboxText))
	mux := http.NewServeMux()
	mux.HandleFunc("GET /dev/inbox.json", func(w http.ResponseWriter, r *http.Request) {
		if lines, ok := n.sent(w, r); ok {
			answer(w, http.StatusOK, lines)
		}
	})
	mux.HandleFunc("GET /dev/inbox", func(w http.ResponseWriter, r *http.Request) {
		lines, ok := n.sent(w, r)
		if !ok {
			return
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
		if err := page.Execute(w, lines); err != nil {
			n.bank.Log.Warn("write the demo inbox", slog.Any("err", err))
		}
	})
	return mux
}

func (n *node) sent(w http.ResponseWriter, r *http.Request) ([]inboxLine, bool) {
	if peer, err := netip.ParseAddr(api.AddressOf(r.Context())); err != nil || !peer.IsLoopback() || !ownHost(r.Host) {
		http.NotFound(w, r)
		return nil, false
	}
	copies, err := n.bank.Notify.Copies(r.Context(), r.URL.Query().Get("to"), inboxShown)
	if err != nil {
		n.bank.Log.Error("read the demo inbox", slog.Any("err", err))
		w.WriteHeader(http.StatusInternalServerError)
		return nil, false
	}
	return lines(copies), true
}

// ownHost reports whether a request names this very machine as its host. A browser on it sends any other name for a page of
// somebody who has bound his own name to 127.0.0.1, and who must not read the codes.
func ownHost(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	name = strings.Trim(name, "[]")
	if a, err := netip.ParseAddr(name); err == nil {
		return a.IsLoopback()
	}
	return strings.EqualFold(name, "localhost")
}

func lines(copies []notify.Copy) []inboxLine {
	all := make([]inboxLine, len(copies))
	for i, c := range copies {
		all[i] = inboxLine{At: c.At, Channel: string(c.Channel), To: c.To, Title: c.Title, Text: c.Text, Code: c.Code}
	}
	return all
}
