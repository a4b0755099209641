package customer_test

import (
	"testing"

	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

func TestStaffFindAPersonByWhatIsWholeWithinTheirBranches(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		li := b.register(number(0))
		b.verify(li, "007")
		var p customer.Profile
		p, err := b.customers.Profile(t.Context(), li.by)
		b.must(err)
		name, idNumber := p.Name.Reveal(), ""
		b.must(b.d.Write(t.Context(), func(tx *db.Tx) error {
			var err error
			idNumber, err = b.customers.Reveal(t.Context(), tx, clerk().Because(string(access.ReasonAsked)), li.id, access.FieldID)
			return err
		}))
		south := access.Scope{Path: "/0001/0200/"}
		for what, tc := range map[string]struct {
			in    access.Scope
			q     customer.Search
			found bool
		}{
			"phone":                  {whole, customer.Search{Contact: p.Contacts[0].Value}, true},
			"ID number":              {whole, customer.Search{Number: idNumber}, true},
			"name":                   {whole, customer.Search{Name: " " + name + " "}, true},
			"name on the next page":  {whole, customer.Search{Name: name, After: li.id}, false},
			"another name":           {whole, customer.Search{Name: name + "甲"}, false},
			"phone, another branch":  {south, customer.Search{Contact: p.Contacts[0].Value}, false},
			"name, another branch":   {south, customer.Search{Name: name}, false},
			"number, another branch": {south, customer.Search{Number: idNumber}, false},
			"nobody's scope":         {access.Scope{}, customer.Search{Name: name}, false},
		} {
			tc.q.Limit = 10
			all, err := b.customers.Search(t.Context(), tc.in, tc.q)
			b.must(err)
			if found := len(all) == 1 && all[0].ID == li.id; found != tc.found || len(all) > 1 {
				t.Errorf("by %s: %+v", what, all)
			}
		}
		for what, q := range map[string]customer.Search{"nothing": {}, "half a number": {Number: idNumber[:10]}, "no name": {Name: "李*"}} {
			_, err := b.customers.Search(t.Context(), whole, q)
			if err == nil {
				t.Errorf("%s was searched for", what)
			}
		}
		_, err = b.customers.Search(t.Context(), whole, customer.Search{Contact: "138"})
		b.want(err, auth.ErrPhone)
	})
}

func clerk() act.By {
	return act.By{Kind: act.Staff, Actor: "stff_00dkfw3m9r2vtq8x1c5n7b4k6s", Channel: act.Console, Branch: act.HeadOffice}
}

func TestWhatStaffSeeWholeStandsInTheCustomersOwnLog(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		li := b.register(number(0))
		show := func(f access.Field) (value string, err error) {
			err = b.d.Write(t.Context(), func(tx *db.Tx) error {
				value, err = b.customers.Reveal(t.Context(), tx, clerk().Because(string(access.ReasonSuspicion)), li.id, f)
				return err
			})
			return value, err
		}
		value, err := show(access.FieldPhone)
		b.must(err)
		_, bad := show(access.FieldAccount)
		b.want(bad, access.ErrField)
		log, err := b.customers.AccessLog(t.Context(), li.by, "", 10)
		b.must(err)
		if value == "" || len(log) != 1 || log[0].Purpose != "customer.access_suspicion" || log[0].Fields != "customer.fields_phone" || log[0].Actor != clerk().Actor {
			t.Errorf("%q, log %+v", value, log)
		}
	})
}

func TestACaseIsOpenedOnlyByStaffWhoReachIt(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, b *bank) {
		li := b.register(number(0))
		b.verify(li, "984")
		b.work(0)
		cases, err := b.customers.Cases(t.Context(), whole, "", 10)
		b.must(err)
		if len(cases) != 1 {
			t.Fatalf("cases %+v", cases)
		}
		f, err := b.customers.File(t.Context(), clerk(), whole, cases[0].ID)
		b.must(err)
		if f.Name.IsZero() || f.IDNumber.IsZero() || len(f.Pictures) == 0 {
			t.Errorf("file %+v", f)
		}
		picture, err := b.customers.CasePicture(t.Context(), clerk(), whole, cases[0].ID, f.Pictures[0])
		b.must(err)
		if len(picture.Content) == 0 {
			t.Error("an empty picture")
		}
		_, err = b.customers.CasePicture(t.Context(), clerk(), whole, cases[0].ID, "tail")
		b.want(err, customer.ErrNoPicture)
		_, err = b.customers.File(t.Context(), li.by, whole, cases[0].ID)
		b.want(err, customer.ErrStaff)
		_, err = b.customers.File(t.Context(), clerk(), access.Scope{Path: "/0001/0200/"}, cases[0].ID)
		b.want(err, customer.ErrCase)
		_, err = b.customers.File(t.Context(), clerk(), whole, id.New[id.Verification](b.clock.Now()))
		b.want(err, customer.ErrCase)
		if others, err := b.customers.Cases(t.Context(), access.Scope{Path: "/0001/0200/"}, "", 10); err != nil || len(others) != 0 {
			t.Errorf("another branch sees %v, %v", others, err)
		}
	})
}
