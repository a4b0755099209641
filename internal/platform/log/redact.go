package log

import (
	"fmt"
	"log/slog"
	"reflect"
	"strings"
	"unicode"
)

const (
	redacted = "[redacted]"
	// maxDepth bounds groups within groups.
	maxDepth = 8
)

// personal tells whether a word of a key says that its value is a secret or tells who somebody is.
func personal(word string) bool {
	switch word {
	case "password", "passwd", "passcode", "pin", "otp", "totp", "token", "tokens", "secret", "secrets", "cookie",
		"cookies", "authorization", "bearer", "credential", "credentials", "proof", "seed", "salt", "cvv", "pan",
		"phone", "phones", "mobile", "telephone", "email", "mail", "name", "surname", "birthday", "birthdate",
		"nationality", "face", "biometric", "biometrics", "memo", "remark", "dsn":
		return true
	}
	return false
}

// personalPhrase is personal for words that mean something only together.
func personalPhrase(key string) bool {
	for _, phrase := range []string{"idnumber", "idcard", "identitynumber", "accountnumber", "cardnumber",
		"documentnumber", "postaladdress", "homeaddress", "privatekey", "apikey", "datakey"} {
		if strings.Contains(key, phrase) {
			return true
		}
	}
	return false
}

// denied judges a key, in whatever spelling: payeePhone, payee_phone, Payee-Phone.
func denied(key string) bool {
	words := words(key)
	for _, word := range words {
		if personal(word) {
			return true
		}
	}
	return personalPhrase(strings.Join(words, ""))
}

// words splits a key at capitals and at everything that is no letter or digit, in lower case.
func words(key string) []string {
	var spaced strings.Builder
	var last rune
	for _, r := range key {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			spaced.WriteByte(' ')
		case unicode.IsUpper(r) && unicode.IsLower(last):
			spaced.WriteByte(' ')
			fallthrough
		default:
			spaced.WriteRune(unicode.ToLower(r))
		}
		last = r
	}
	return strings.Fields(spaced.String())
}

// redact cleans one attribute.
func redact(a slog.Attr) slog.Attr { return redactAt(a, 0) }

func redactAt(a slog.Attr, depth int) slog.Attr {
	value := a.Value.Resolve()
	switch {
	case denied(a.Key) || depth > maxDepth:
		return slog.String(a.Key, redacted)
	case value.Kind() == slog.KindGroup:
		members := value.Group()
		clean := make([]slog.Attr, len(members))
		for i, member := range members {
			clean[i] = redactAt(member, depth+1)
		}
		return slog.Attr{Key: a.Key, Value: slog.GroupValue(clean...)}
	case a.Key == "code" && oneTimeCode(value.String()):
		return slog.String(a.Key, redacted)
	}
	return slog.Attr{Key: a.Key, Value: clean(value)}
}

// clean judges a single value by what it looks like.
func clean(value slog.Value) slog.Value {
	switch value.Kind() {
	case slog.KindString:
		return slog.StringValue(scrub(value.String()))
	case slog.KindInt64, slog.KindUint64, slog.KindFloat64:
		if text := value.String(); scrub(text) != text {
			return slog.StringValue(masked)
		}
		return value
	case slog.KindAny:
		return cleanAny(value.Any())
	}
	return value // booleans, durations and instants
}

// cleanAny writes what can be judged as text and of anything else the type only.
func cleanAny(value any) slog.Value {
	switch v := value.(type) {
	case nil:
		return slog.AnyValue(nil)
	case *slog.Source:
		return slog.AnyValue(v)
	case []string:
		texts := make([]string, len(v))
		for i, text := range v {
			texts[i] = scrub(text)
		}
		return slog.AnyValue(texts)
	}
	if reflect.ValueOf(value).Kind() == reflect.Pointer && reflect.ValueOf(value).IsNil() {
		return slog.AnyValue(nil)
	}
	switch v := value.(type) {
	case error:
		return slog.StringValue(scrub(v.Error()))
	case fmt.Stringer:
		return slog.StringValue(scrub(v.String()))
	}
	switch reflected := reflect.ValueOf(value); reflected.Kind() {
	case reflect.String:
		return slog.StringValue(scrub(fmt.Sprint(value)))
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return clean(slog.Int64Value(reflected.Int()))
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return clean(slog.Uint64Value(reflected.Uint()))
	case reflect.Bool:
		return slog.BoolValue(reflected.Bool())
	}
	return slog.StringValue(fmt.Sprintf("[%T]", value))
}
