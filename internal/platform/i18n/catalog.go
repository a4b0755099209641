package i18n

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// Message is one text in simplified Chinese, traditional Chinese and English, in this order. Placeholders are
// written {name}.
type Message [3]string

// Messages are texts by key: "payment.limit_exceeded", "notify.transfer_in.title".
type Messages map[string]Message

// Catalog is all texts of the program. It never changes and is safe for concurrent use.
type Catalog struct {
	messages Messages
	twice    []string
}

// NewCatalog joins the texts of the domains. Missing tells about keys that two of them define.
func NewCatalog(parts ...Messages) *Catalog {
	c := &Catalog{messages: Messages{}}
	for _, part := range parts {
		for key, message := range part {
			if _, taken := c.messages[key]; taken {
				c.twice = append(c.twice, key)
			}
			c.messages[key] = message
		}
	}
	return c
}

// Has tells whether a text exists.
func (c *Catalog) Has(key string) bool {
	_, ok := c.messages[key]
	return ok
}

// Keys lists all keys in order.
func (c *Catalog) Keys() []string { return slices.Sorted(maps.Keys(c.messages)) }

// Text writes a text with its parameters. A parameter is inserted as it is and never read for placeholders again, so
// a customer's memo cannot pull other values in. An unknown key comes back as itself.
func (c *Catalog) Text(locale Locale, key string, params map[string]string) string {
	message, ok := c.messages[key]
	if !ok {
		return key
	}
	return fill(message[locale.index()], params)
}

// fill puts parameters in place of {name}; what has no parameter stays.
func fill(text string, params map[string]string) string {
	if len(params) == 0 {
		return text
	}
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(text, "{")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		value, given := params[name]
		if !closed || !given {
			out.WriteByte('{')
			text = rest
			continue
		}
		out.WriteString(value)
		text = after
	}
}

// Missing reports what is wrong with the texts, in order: keys defined twice, languages without text, placeholders
// that differ between languages, braces that are no placeholder.
func (c *Catalog) Missing() []string {
	var problems []string
	for _, key := range slices.Sorted(slices.Values(c.twice)) {
		problems = append(problems, key+" is defined twice")
	}
	for _, key := range c.Keys() {
		problems = append(problems, c.messages[key].problems(key)...)
	}
	return problems
}

func (m Message) problems(key string) []string {
	placeholder := regexp.MustCompile(`\{[a-z][a-zA-Z0-9]*\}`)
	var problems []string
	var first []string
	for i, locale := range Locales() {
		if strings.TrimSpace(m[i]) == "" {
			problems = append(problems, fmt.Sprintf("%s has no text in %s", key, locale))
			continue
		}
		names := placeholder.FindAllString(m[i], -1)
		slices.Sort(names)
		names = slices.Compact(names)
		if first == nil {
			first = append([]string{}, names...)
		}
		if !slices.Equal(names, first) {
			problems = append(problems, fmt.Sprintf("%s has placeholders %v in %s and %v before", key, names, locale, first))
		}
		if strings.ContainsAny(placeholder.ReplaceAllString(m[i], ""), "{}") {
			problems = append(problems, fmt.Sprintf("%s has a stray brace in %s", key, locale))
		}
	}
	return problems
}
