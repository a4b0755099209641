package customer

import (
	_ "embed" // the codes travel with the program
	"strconv"
	"strings"
)

// divisions lists every division's code; the file says how.
//
//go:embed divisions.txt
var divisions string

// divisionInForce reports whether a code of six digits was in force in any year of a span.
func divisionInForce(code string, fromYear, toYear int) bool {
	line, found := divisionLine(code[:4])
	if !found {
		return false
	}
	for _, entry := range strings.Fields(line) {
		county, years, dated := strings.Cut(entry, ":")
		if county != code[4:] {
			continue
		}
		if !dated {
			return true
		}
		first, last, ok := yearSpan(years)
		return ok && first <= toYear && (last == 0 || last >= fromYear)
	}
	return false
}

// provinceName is the name that belongs to two digits, and empty where there is none.
func provinceName(code string) string {
	name, _ := divisionLine(code)
	return name
}

// divisionLine finds the line that begins with a word, and gives its rest. The text is read anew each time: that
// takes microseconds, and a customer is verified once.
func divisionLine(word string) (rest string, found bool) {
	_, after, found := strings.Cut(divisions, "\n"+word+" ")
	if !found {
		return "", false
	}
	rest, _, _ = strings.Cut(after, "\n")
	return rest, true
}

// yearSpan reads 1986-, -2010 or 1986-2010; an open end is 0.
func yearSpan(s string) (first, last int, ok bool) {
	from, to, dash := strings.Cut(s, "-")
	if !dash {
		return 0, 0, false
	}
	first, firstErr := yearOrOpen(from)
	last, lastErr := yearOrOpen(to)
	return first, last, firstErr == nil && lastErr == nil
}

func yearOrOpen(s string) (int, error) {
	if s == "" {
		return 0, nil
	}
	return strconv.Atoi(s)
}
