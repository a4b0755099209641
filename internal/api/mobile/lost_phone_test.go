package mobile_test

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"net/http"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/app/apptest"
)

const newPhone = "13700137000"

// lostPhone asks for a new phone as somebody who has nothing left but his papers.
func lostPhone(b *apptest.Bank, phone, name, number string, face []byte) apptest.Answer {
	stranger := b.Native()
	sent := stranger.Post("/codes", map[string]any{"purpose": "lost_phone", "phone": phone}).Is(http.StatusCreated)
	return stranger.Post("/phone-replacements", map[string]any{
		"challengeId": sent.At("challengeId"), "code": b.Inbox(phone), "name": name, "idNumber": number,
		"documentFront": apptest.Picture(60), "documentBack": apptest.Picture(140), "faceImage": face,
	})
}

func TestALostPhoneIsReplacedWithoutASession(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li := b.NewPerson(apptest.Has("100.00"))
		lostPhone(b, newPhone, li.Name, li.IDNumber, apptest.Picture(220)).Is(http.StatusNoContent)

		li.Get("/session").Refused(http.StatusUnauthorized, "session.required") // whoever found the phone is out
		li.Post("/sessions/password", map[string]any{"identifier": li.Phone, "password": apptest.Password}).
			Refused(http.StatusUnauthorized, "auth.wrong_credentials")
		b.Drain()
		told, err := b.Notify.Copies(t.Context(), li.Phone, 1)
		if err != nil || len(told) != 1 {
			t.Fatalf("the old phone was told %v, %v", told, err)
		}

		b.Time.Advance(2 * time.Minute)
		fresh := b.Native()
		half := fresh.Post("/sessions/password", map[string]any{"identifier": newPhone, "password": apptest.Password}).Is(http.StatusOK).
			Has(`"status":"second_factor"`, `"sentTo":"+86 137****7000"`).Hasnt(li.Private()...)
		fresh.Device = half.At("deviceToken")
		in := fresh.Post("/sessions/second-factor", map[string]any{
			"ticket": half.At("ticket"), "method": "code", "challengeId": half.At("challengeId"), "code": b.Inbox(newPhone),
		}).Is(http.StatusOK).Has(`"status":"signed_in"`)
		fresh.Token = in.At("token")
		fresh.Get("/limits").Is(http.StatusOK).Has(`"reducedUntil":"2025-03-05T`)
		fresh.Get("/me").Is(http.StatusOK).Has("137****7000").Hasnt(li.Phone)
		b.Verify()
	})
}

func TestWhoAsksForAStrangersPhoneReadsTheSameOfEverybody(t *testing.T) {
	t.Parallel()
	apptest.Each(t, apptest.Options{}, func(t *testing.T, b *apptest.Bank) {
		li := b.NewPerson()
		answers := map[string]apptest.Answer{}
		for i, attempt := range []struct{ title, name, number string }{
			{"a customer under another name", "欧阳娜", li.IDNumber},
			{"nobody", "欧阳娜", apptest.IDNumber(700)},
			{"a customer with another face", li.Name, li.IDNumber},
		} {
			a := lostPhone(b, "1370013700"+string(rune('1'+i)), attempt.name, attempt.number, fence())
			a.Refused(http.StatusUnprocessableEntity, "customer.not_reverified").Hasnt(li.Private()...)
			answers[attempt.title] = a
		}
		for title, a := range answers {
			if want := answers["nobody"]; a.At("title") != want.At("title") || a.At("detail") != want.At("detail") || len(a.Body) != len(want.Body) {
				t.Errorf("%s reads %s\nnobody reads %s", title, a.Body, want.Body)
			}
		}
		known := b.Native().Post("/codes", map[string]any{"purpose": "lost_phone", "phone": li.Phone}).Is(http.StatusCreated)
		unknown := b.Native().Post("/codes", map[string]any{"purpose": "lost_phone", "phone": "13700137009"}).Is(http.StatusCreated)
		if len(known.Body) != len(unknown.Body) {
			t.Errorf("codes answer %s and %s", known.Body, unknown.Body)
		}
		li.Get("/session").Is(http.StatusOK)
		b.Verify()
	})
}

func TestALostPhoneIsNotReplacedByHalfTheEvidence(t *testing.T) {
	t.Parallel()
	b := apptest.Start(t, apptest.Options{})
	li := b.NewPerson()
	stranger := b.Native()
	sent := stranger.Post("/codes", map[string]any{"purpose": "lost_phone", "phone": newPhone}).Is(http.StatusCreated)
	code := b.Inbox(newPhone)
	whole := map[string]any{
		"challengeId": sent.At("challengeId"), "code": code, "name": li.Name, "idNumber": li.IDNumber,
		"documentFront": apptest.Picture(60), "documentBack": apptest.Picture(140), "faceImage": apptest.Picture(220),
	}
	for name := range whole {
		half := map[string]any{}
		for k, v := range whole {
			if k != name {
				half[k] = v
			}
		}
		stranger.Post("/phone-replacements", half).Refused(http.StatusBadRequest, "request.required").Has(`"/` + name)
	}
	stranger.Post("/phone-replacements", apptest.Change(whole, "code", wrongCode(code))).Refused(http.StatusUnprocessableEntity, "auth.code_wrong")
	stranger.Post("/phone-replacements", apptest.Change(whole, "documentBack", []byte("no picture"))).
		Refused(http.StatusUnprocessableEntity, "blob.content_type").Has(`"/documentBack"`).Hasnt(`"/image"`)
	stranger.Post("/password-resets", map[string]any{
		"challengeId": sent.At("challengeId"), "code": code, "name": li.Name, "idNumber": li.IDNumber, "faceImage": apptest.Picture(220),
		"newPassword": "another harbour 28",
	}).Refused(http.StatusUnprocessableEntity, "auth.code_wrong") // a code is right for its purpose only
	li.Get("/session").Is(http.StatusOK)
	stranger.Post("/phone-replacements", whole).Is(http.StatusNoContent)
	stranger.Post("/phone-replacements", whole).Refused(http.StatusUnprocessableEntity, "auth.code_used")
}

func wrongCode(code string) string {
	if code[0] == '9' {
		return "0" + code[1:]
	}
	return "9" + code[1:]
}

func TestPhoneReplacementsAreFewForEachNumber(t *testing.T) {
	t.Parallel()
	b := apptest.Start(t, apptest.Options{})
	li := b.NewPerson()
	for i := range 5 {
		lostPhone(b, "1370013701"+string(rune('0'+i)), "欧阳娜", li.IDNumber, apptest.Picture(220)).Refused(http.StatusUnprocessableEntity, "customer.not_reverified")
	}
	a := lostPhone(b, "13700137020", li.Name, li.IDNumber, apptest.Picture(220)).Refused(http.StatusTooManyRequests, "auth.stranger_tries")
	if a.Header.Get("Retry-After") == "" {
		t.Error("no time to wait is told")
	}
	li.Get("/session").Is(http.StatusOK)
}

// fence is a picture that resembles none of apptest's.
func fence() []byte {
	const side = 64
	p := image.NewGray(image.Rect(0, 0, side, side))
	for y := range side {
		for x := range side {
			p.SetGray(x, y, color.Gray{Y: uint8(x / 8 % 2 * 255)})
		}
	}
	var b bytes.Buffer
	_ = png.Encode(&b, p) // into memory
	return b.Bytes()
}
