package notify

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/values/money"
)

// Template is a kind of message. Its texts have the keys notify.<name>.title and notify.<name>.body for inbox and mail,
// and notify.<name>.sms for SMS, which is short and says who writes.
type Template struct {
	Name     string
	Category Category
	Channels []Channel // where it may go; what the customer chose narrows that
}

// Register adds templates, before anything is sent. It refuses a name that is taken, and texts that the catalog lacks.
func (s *Service) Register(templates ...Template) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, t := range templates {
		if _, taken := s.templates[t.Name]; taken || len(t.Channels) == 0 || !slices.Contains(Categories(), t.Category) {
			return ErrTemplate.Because(fmt.Errorf("template %q is not whole, or registered twice", t.Name))
		}
		for _, key := range t.keys() {
			if !s.parts.Catalog.Has(key) {
				return ErrTemplate.Because(fmt.Errorf("template %q lacks the text %s", t.Name, key))
			}
		}
		s.templates[t.Name] = t
	}
	return nil
}

func (s *Service) template(name string) (Template, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	t, known := s.templates[name]
	if !known {
		return Template{}, ErrTemplate.Because(fmt.Errorf("no template %q was registered", name))
	}
	return t, nil
}

// keys are the texts that the template needs for where it may go.
func (t Template) keys() []string {
	var keys []string
	if t.goes(Inbox) || t.goes(Mail) {
		keys = append(keys, titleKey(t.Name), bodyKey(t.Name))
	}
	if t.goes(SMS) {
		keys = append(keys, smsKey(t.Name))
	}
	return keys
}

func (t Template) goes(c Channel) bool { return slices.Contains(t.Channels, c) }

func titleKey(template string) string { return "notify." + template + ".title" }
func bodyKey(template string) string  { return "notify." + template + ".body" }
func smsKey(template string) string   { return "notify." + template + ".sms" }

// What is written differently in each language travels as a marked value, and is written when it is read. The mark is
// a control character, which no text of a customer contains.
const (
	mark        = "\x1f"
	markAmount  = mark + "amount "
	markInstant = mark + "instant "
	markDay     = mark + "day "
)

// Amount is a parameter that shows an amount with its currency: ¥12.50.
func Amount(a money.Amount) string { return markAmount + a.Currency().Code() + " " + a.String() }

// Instant is a parameter that shows a moment, to the minute, in the bank's zone.
func Instant(at time.Time) string { return markInstant + at.UTC().Format(time.RFC3339) }

// Day is a parameter that shows a date.
func Day(d clock.Date) string { return markDay + d.String() }

// written gives parameters as people of a language read them.
func (s *Service) written(locale i18n.Locale, params map[string]string) map[string]string {
	out := maps.Clone(params)
	for name, value := range params {
		if strings.HasPrefix(value, mark) {
			out[name] = s.unmarked(locale, value)
		}
	}
	return out
}

func (s *Service) unmarked(locale i18n.Locale, value string) string {
	if rest, is := strings.CutPrefix(value, markAmount); is {
		code, decimal, _ := strings.Cut(rest, " ")
		return i18n.Amount(locale, decimal, code)
	}
	if rest, is := strings.CutPrefix(value, markInstant); is {
		if at, err := time.Parse(time.RFC3339, rest); err == nil {
			return i18n.Instant(locale, at.In(s.parts.Zone))
		}
	}
	if rest, is := strings.CutPrefix(value, markDay); is {
		if d, err := clock.ParseDate(rest); err == nil {
			return i18n.Date(locale, d.Year(), d.Month(), d.Day())
		}
	}
	return strings.TrimPrefix(value, mark)
}

// text writes one text of a template.
func (s *Service) text(locale i18n.Locale, key string, params map[string]string) string {
	return s.parts.Catalog.Text(locale, key, s.written(locale, params))
}
