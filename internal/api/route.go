package api

import (
	"net/http"
	"strconv"

	"github.com/danielgtaylor/huma/v2"
)

// Route is one line of a route table.
type Route struct {
	Method  string
	Path    string // below the audience's prefix
	ID      string // operationId: names the client's function
	Summary string
	Tag     string // the domain
	Status  int    // of success; 200 when zero
	Hidden  bool   // left out of the description
	Guard   Guard

	Produces string // content type of an answer that is a file
}

// Guard says who may call a route and what the caller must bring.
type Guard struct {
	Public bool   // without a session
	Either bool   // public, but who has a session acts as himself
	Owner  Owner  // how the route keeps to the caller's own things; every route with a session has one
	Once   bool   // needs Idempotency-Key
	Money  bool   // moves or commits money; then Once and Proof are required
	Proof  string // the step-up that the service consumes; IntentProof when the body carries the proof
	Rate   Rate   // how often, per address and per session
	Body   int64  // bytes of body at most; BodyMax when zero

	Permission string   // that staff need for it
	Purposes   []string // that it may be used for; the first that the caller's roles allow unless he states one
}

// Owner says how a route keeps to the caller's own things.
type Owner string

// The ways of keeping to one's own.
const (
	Self  Owner = "self"  // the thing is the caller himself
	Query Owner = "query" // the caller's id stands in the query that finds the thing
	Scope Owner = "scope" // staff: the branches that the caller reaches stand in the query
	Bank  Owner = "bank"  // staff: the thing is the bank's, and the permission is all that counts
)

// IntentProof marks a route whose body proves the act on a checked intent.
const IntentProof = "intent"

// The headers by which a caller brings what a guard asks for.
const (
	onceHeader    = "Idempotency-Key"
	proofHeader   = "X-Tongbao-Proof"
	purposeHeader = "X-Tongbao-Purpose"
	onceLeast     = 8 // characters
	onceMost      = 128
)

// security describes what a caller brings: a session, and for some acts the proof of a step-up.
func (g Guard) security() []map[string][]string {
	if g.Public {
		return []map[string][]string{}
	}
	both := []map[string][]string{{"session": {}}, {"bearer": {}}}
	if g.Proof != "" && g.Proof != IntentProof {
		for _, way := range both {
			way["proof"] = []string{}
		}
	}
	return both
}

// headers describes the headers that the route reads itself.
func (g Guard) headers() []*huma.Param {
	var all []*huma.Param
	if len(g.Purposes) > 1 {
		purposes := make([]any, len(g.Purposes))
		for i, p := range g.Purposes {
			purposes[i] = p
		}
		all = append(all, &huma.Param{
			Name: purposeHeader, In: "header", Description: "What the caller works for; the first that his roles allow when it is not said",
			Schema: &huma.Schema{Type: huma.TypeString, Enum: purposes},
		})
	}
	if !g.Once {
		return all
	}
	least, most := onceLeast, onceMost
	return append(all, &huma.Param{
		Name: onceHeader, In: "header", Required: true,
		Description: "Made when the form opens and kept until the result is known: the act is done once, however often it is sent",
		Schema:      &huma.Schema{Type: huma.TypeString, MinLength: &least, MaxLength: &most, Pattern: "^[A-Za-z0-9_-]+$"},
	})
}

// extensions name the permission in the description, so that a screen can leave out what its user may not do.
func (g Guard) extensions() map[string]any {
	if g.Permission == "" {
		return nil
	}
	return map[string]any{"x-permission": g.Permission}
}

func (g Guard) bodyMax() int64 {
	if g.Body > 0 {
		return g.Body
	}
	return BodyMax
}

// errors lists the statuses that a route may answer with, for its description.
func (r Route) errors() []int {
	all := []int{http.StatusBadRequest, http.StatusTooManyRequests, http.StatusInternalServerError, http.StatusServiceUnavailable}
	if !r.Guard.Public {
		all = append(all, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound)
	}
	if r.Method != http.MethodGet {
		all = append(all, http.StatusConflict, http.StatusUnprocessableEntity)
	}
	return all
}

// withWait sends Retry-After along with a problem.
func withWait(p *Problem) error {
	if p.RetryAfter == 0 {
		return p
	}
	return huma.ErrorWithHeaders(p, http.Header{"Retry-After": {strconv.Itoa(p.RetryAfter)}})
}
