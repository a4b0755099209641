package mobile_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/api/mobile"
)

func TestEveryRouteSaysWhoMayCallIt(t *testing.T) {
	t.Parallel()
	// Whoever adds a route without session adds it here too, and thinks twice.
	public := []string{
		"GET /config", "POST /codes", "POST /registrations", "POST /password-resets", "POST /phone-replacements",
		"POST /sessions/password", "POST /sessions/code",
		"POST /sessions/passkey-options", "POST /sessions/passkey", "POST /sessions/second-factor",
	}
	var found []string
	for _, r := range router(t).Routes() {
		name := r.Method + " " + r.Path
		if r.Guard.Public {
			found = append(found, name)
			if r.Method != "GET" && r.Guard.Rate != api.Slow {
				t.Errorf("%s is public and not slow", name)
			}
			continue
		}
		if r.Guard.Owner != api.Self && r.Guard.Owner != api.Query {
			t.Errorf("%s does not say how it keeps to the caller's own things", name)
		}
		if strings.Contains(r.Path, "{") && r.Guard.Owner != api.Query {
			t.Errorf("%s names a thing and does not ask whose it is", name)
		}
	}
	slices.Sort(public)
	slices.Sort(found)
	if !slices.Equal(found, public) {
		t.Errorf("public routes %v, want %v", found, public)
	}
}

func TestMoneyIsOnceOnlyAndProved(t *testing.T) {
	t.Parallel()
	moves := 0
	for _, r := range router(t).Routes() {
		name := r.Method + " " + r.Path
		if r.Guard.Money {
			moves++
		}
		if r.Guard.Money && (!r.Guard.Once || r.Guard.Proof == "" || r.Guard.Public) {
			t.Errorf("%s moves money without key, proof or session", name)
		}
		if r.Guard.Once && r.Method == "GET" {
			t.Errorf("%s only reads and wants a key", name)
		}
		if r.Method == "POST" && r.Path == "/transfers" && !r.Guard.Money {
			t.Errorf("%s does not count as money", name)
		}
	}
	if moves == 0 {
		t.Error("no route moves money: the table is not read")
	}
}

func TestActsThatMakeOrEndAreOnceOnly(t *testing.T) {
	t.Parallel()
	want := map[string]bool{"POST /transfers": true, "POST /transfers/{id}/cancel": true, "POST /accounts": true, "POST /accounts/{id}/close": true,
		"POST /deposits": true, "POST /bulk-payments": true, "POST /exchanges": true}
	for _, r := range router(t).Routes() {
		name := r.Method + " " + r.Path
		if r.Guard.Once != want[name] {
			t.Errorf("%s wants a key: %t", name, r.Guard.Once)
		}
		delete(want, name)
	}
	if len(want) > 0 {
		t.Errorf("no such routes: %v", want)
	}
}

func TestActsThatFreeOrChangeAFactorWantAProof(t *testing.T) {
	t.Parallel()
	want := map[string]string{
		"POST /password": "password.change", "POST /pin": "pin.change", "POST /passkeys": "passkeys.change", "DELETE /passkeys/{id}": "passkeys.change",
		"POST /contacts/phone": "phone.change", "POST /contacts/email": "email.change", "POST /me/unfreeze": "customer.unfreeze",
		"POST /me/close": "customer.close", "GET /me/exports/{id}/data.zip": "customer.export", "POST /accounts/{id}/unfreeze": "account.resume",
	}
	for _, r := range router(t).Routes() {
		name := r.Method + " " + r.Path
		if purpose, ok := want[name]; ok && r.Guard.Proof != purpose {
			t.Errorf("%s wants the proof %q, want %q", name, r.Guard.Proof, purpose)
		}
		delete(want, name)
	}
	if len(want) > 0 {
		t.Errorf("no such routes: %v", want)
	}
}

func TestCostlyAndCuriousRoutesAreSlow(t *testing.T) {
	t.Parallel()
	costly := regexp.MustCompile(`^POST /(codes|registrations|password|phone-|sessions/|step-ups|pin|verification|contacts/|payees|transfers/check|bulk-payments)|\.(csv|pdf)$`)
	listed := 0
	for _, r := range router(t).Routes() {
		name := r.Method + " " + r.Path
		if costly.MatchString(name) {
			listed++
			if r.Guard.Rate != api.Slow {
				t.Errorf("%s is not slow", name)
			}
		}
		if r.Guard.Body > api.BodyMax && (r.Guard.Rate != api.Slow || r.Method == "GET") {
			t.Errorf("%s takes large bodies often", name)
		}
	}
	if listed < 15 {
		t.Errorf("only %d costly routes found: the pattern is stale", listed)
	}
}

func TestRoutesAreDescribedAndNamedOnce(t *testing.T) {
	t.Parallel()
	ids, paths := map[string]bool{}, map[string]bool{}
	form := regexp.MustCompile(`^[a-z][a-zA-Z]+$`)
	for _, r := range router(t).Routes() {
		name := r.Method + " " + r.Path
		switch {
		case r.Summary == "" || strings.HasSuffix(r.Summary, "."):
			t.Errorf("%s: summary %q", name, r.Summary)
		case r.Tag == "" || !form.MatchString(r.ID):
			t.Errorf("%s: tag %q, id %q", name, r.Tag, r.ID)
		case ids[r.ID] || paths[name]:
			t.Errorf("%s (%s) is there twice", name, r.ID)
		}
		ids[r.ID], paths[name] = true, true
	}
}

func TestStepUpsKnowAllPurposes(t *testing.T) {
	t.Parallel()
	known := enumOf(t, "NewStepUp", "purpose")
	for _, purpose := range mobile.Purposes() {
		if !slices.Contains(known, string(purpose)) {
			t.Errorf("%s is a purpose of step-ups that the API does not take", purpose)
		}
	}
	if len(known) != len(mobile.Purposes()) {
		t.Errorf("the API takes %v, the bank knows %v", known, mobile.Purposes())
	}
	for _, r := range router(t).Routes() {
		if p := r.Guard.Proof; p != "" && p != api.IntentProof && !slices.Contains(known, p) {
			t.Errorf("%s %s wants a proof for %q that nobody can make", r.Method, r.Path, p)
		}
	}
}
