package customer_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"testing"
	"time"

	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/clock"
)

func TestTheSimulatorKnowsAFaceAgainAndNoOther(t *testing.T) {
	t.Parallel()
	s := customer.NewSimulator(clock.System(), 0)
	q := customer.Question{Number: numbered("110101", "19900307", "007"), Compared: customer.WithFace, Attempt: 1}
	for name, tc := range map[string]struct {
		shown, known []byte
		want         customer.Verdict
	}{
		"the same picture":         {picture(face), picture(face), customer.Agrees},
		"the same, as JPEG":        {asJPEG(t, picture(face)), picture(face), customer.Agrees},
		"the same, darker":         {darker(t, picture(face)), picture(face), customer.Agrees},
		"another picture":          {picture(front), picture(face), customer.Differs},
		"its negative":             {negative(t, picture(face)), picture(face), customer.Differs},
		"nothing":                  {blank(), picture(face), customer.Differs},
		"what is no picture":       {[]byte("hello"), picture(face), customer.Differs},
		"nothing on file to match": {picture(face), nil, customer.Differs},
	} {
		a, err := s.CompareFace(t.Context(), q, tc.shown, tc.known)
		if err != nil || a.Verdict != tc.want {
			t.Errorf("%s: %+v, %v", name, a, err)
		}
	}
}

func TestTheSimulatorAnswersLateAndAlwaysAlike(t *testing.T) {
	t.Parallel()
	now := clock.NewFake(time.Date(2026, 11, 22, 2, 0, 0, 0, time.UTC))
	s := customer.NewSimulator(now, 0)
	q := customer.Question{Number: numbered("110101", "19900307", "982"), AskedAt: now.Now(), Attempt: 1}
	for range 2 {
		if a, err := s.CheckIdentity(t.Context(), q); err != nil || a.Verdict != customer.Later || a.After != 20*time.Second {
			t.Errorf("%+v, %v", a, err)
		}
	}
	now.Advance(20 * time.Second)
	if a, err := s.CheckIdentity(t.Context(), q); err != nil || a.Verdict != customer.Agrees {
		t.Errorf("%+v, %v", a, err)
	}
}

func TestTheSimulatorTakesItsTimeButHeedsItsContext(t *testing.T) {
	t.Parallel()
	s := customer.NewSimulator(clock.System(), time.Hour)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := s.CheckIdentity(ctx, customer.Question{}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("err = %v", err)
	}
}

func decode(t *testing.T, content []byte) image.Image {
	t.Helper()
	p, _, err := image.Decode(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func asJPEG(t *testing.T, content []byte) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := jpeg.Encode(&out, decode(t, content), &jpeg.Options{Quality: 60}); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func darker(t *testing.T, content []byte) []byte {
	return mapped(t, content, func(y uint8) uint8 { return y / 2 })
}

func negative(t *testing.T, content []byte) []byte {
	return mapped(t, content, func(y uint8) uint8 { return 255 - y })
}

func mapped(t *testing.T, content []byte, f func(uint8) uint8) []byte {
	t.Helper()
	from := decode(t, content)
	to := image.NewGray(from.Bounds())
	for y := range to.Rect.Dy() {
		for x := range to.Rect.Dx() {
			grey, ok := color.GrayModel.Convert(from.At(x, y)).(color.Gray)
			if !ok {
				t.Fatal("not grey")
			}
			to.SetGray(x, y, color.Gray{Y: f(grey.Y)})
		}
	}
	var out bytes.Buffer
	if err := png.Encode(&out, to); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}
