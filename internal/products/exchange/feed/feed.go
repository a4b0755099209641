// Package feed has the sources of middle rates: a file, an address, and the demo's simulator.
//
// Files and addresses speak the layout in which the European Central Bank publishes its reference rates, so that its own
// files can be used as they are: a table of values separated by commas, whose first line names the columns, "Date" and
// currencies. Each further line has a date, or an instant (RFC 3339), and what one euro was worth in each currency; an
// absent value is empty or N/A. There must be a column CNY: the bank's rates are in yuan.
//
//	Date,USD,JPY,CNY
//	2026-04-13,1.1684,186.75,7.9827
//
// A date means 15:00 UTC, after the bank's publication at about 16:00 in Frankfurt.
package feed

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/outbound"
	"github.com/tongbao/tongbao/internal/products/exchange"
	"github.com/tongbao/tongbao/internal/values/money"
)

const (
	linesMax   = 20_000 // of a document: 80 years of working days
	columnsMax = 200
	fileMost   = 8 << 20 // bytes
	daysMost   = 400     // of history that is taken from a document
	published  = 15      // hour, UTC, of a line that has a date alone
)

var errLayout = errors.New("not a table of rates")

// Parse reads a document, for the currencies that are wanted, the oldest first. A line or value that is none is an error: a
// document that is broken in one place may be wrong in others.
func Parse(text []byte, wanted []money.Currency, since time.Time) ([]exchange.Observed, error) {
	reader := csv.NewReader(bytes.NewReader(text))
	reader.FieldsPerRecord = -1
	header, err := reader.Read()
	if err != nil || len(header) < 2 || len(header) > columnsMax || strings.TrimSpace(header[0]) != "Date" {
		return nil, fmt.Errorf("%w: the first line must name Date and currencies", errLayout)
	}
	columns, yuan, err := columnsOf(header, wanted)
	if err != nil {
		return nil, err
	}
	var all []exchange.Observed
	for line := 2; ; line++ {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil || line > linesMax {
			return nil, fmt.Errorf("%w: line %d", errLayout, line)
		}
		some, err := parseLine(record, columns, yuan, since)
		if err != nil {
			return nil, fmt.Errorf("line %d: %w", line, err)
		}
		all = append(all, some...)
	}
	slices.SortStableFunc(all, func(a, b exchange.Observed) int { return a.At.Compare(b.At) })
	return all, nil
}

// column is where a currency stands.
type column struct {
	at       int // 0: the euro, in which the document counts
	currency money.Currency
}

func columnsOf(header []string, wanted []money.Currency) (columns []column, yuan int, err error) {
	seen := make(map[string]bool)
	for i, name := range header {
		name = strings.TrimSpace(name)
		if i == 0 || name == "" { // the bank ends its lines with a comma
			continue
		}
		if seen[name] {
			return nil, 0, fmt.Errorf("%w: two columns %q", errLayout, name)
		}
		seen[name] = true
		if name == money.CNY.Code() {
			yuan = i
		}
		c, err := money.ParseCurrency(name)
		if err == nil && c != money.CNY && slices.Contains(wanted, c) {
			columns = append(columns, column{i, c})
		}
	}
	if yuan == 0 {
		return nil, 0, fmt.Errorf("%w: no column CNY", errLayout)
	}
	if slices.Contains(wanted, money.EUR) && !seen[money.EUR.Code()] {
		columns = append(columns, column{0, money.EUR})
	}
	return columns, yuan, nil
}

func parseLine(record []string, columns []column, yuan int, since time.Time) ([]exchange.Observed, error) {
	at, err := parseTime(strings.TrimSpace(record[0]))
	if err != nil {
		return nil, err
	}
	if at.Before(since) {
		return nil, nil
	}
	base, known, err := value(record, yuan)
	if err != nil || !known {
		return nil, err
	}
	var out []exchange.Observed
	for _, c := range columns {
		middle := base
		if c.at > 0 {
			units, known, err := value(record, c.at)
			if err != nil {
				return nil, err
			}
			if !known {
				continue
			}
			if middle, err = exchange.Quotient(base, units); err != nil {
				return nil, fmt.Errorf("%w: %s", errLayout, c.currency)
			}
		}
		if middle <= 0 {
			return nil, fmt.Errorf("%w: %s", errLayout, c.currency)
		}
		out = append(out, exchange.Observed{Currency: c.currency, At: at, Middle: middle})
	}
	return out, nil
}

// value reads what one euro is worth; false when the line has none.
func value(record []string, at int) (exchange.Rate, bool, error) {
	if at >= len(record) {
		return 0, false, nil
	}
	text := strings.TrimSpace(record[at])
	if text == "" || text == "N/A" {
		return 0, false, nil
	}
	r, err := exchange.ParseValue(text)
	if err != nil {
		return 0, false, fmt.Errorf("%w: value %d", errLayout, at)
	}
	return r, true, nil
}

func parseTime(text string) (time.Time, error) {
	if d, err := clock.ParseDate(text); err == nil {
		return d.Midnight(time.UTC).Add(published * time.Hour), nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("%w: neither date nor instant", errLayout)
	}
	return at.UTC(), nil
}

// file reads a document that somebody else renews.
type file struct{ path string }

// File is a source that reads a file each time it is asked.
func File(path string) exchange.Source { return file{path} }

// Name implements exchange.Source.
func (f file) Name() string { return "file:" + filepath.Base(f.path) }

// Rates implements exchange.Source.
func (f file) Rates(_ context.Context, at time.Time, currencies []money.Currency) ([]exchange.Observed, error) {
	opened, err := os.Open(f.path)
	if err != nil {
		return nil, fmt.Errorf("open rates: %w", err)
	}
	defer func() { _ = opened.Close() }()
	text, err := io.ReadAll(io.LimitReader(opened, fileMost+1))
	if err != nil || len(text) > fileMost {
		return nil, fmt.Errorf("read rates: more than %d bytes, or %w", fileMost, errors.Join(err, errLayout))
	}
	return Parse(text, currencies, at.AddDate(0, 0, -daysMost))
}

// address asks a server for a document.
type address struct{ *outbound.Fetcher }

// Address is a source that fetches a document by HTTP each time it is asked. It checks the address and does not connect.
func Address(url string) (exchange.Source, error) {
	f, err := outbound.NewFetcher(url)
	return address{f}, err
}

// Name implements exchange.Source.
func (a address) Name() string { return a.Host() }

// Rates implements exchange.Source.
func (a address) Rates(ctx context.Context, at time.Time, currencies []money.Currency) ([]exchange.Observed, error) {
	text, err := a.Fetch(ctx)
	if err != nil {
		return nil, err
	}
	return Parse(text, currencies, at.AddDate(0, 0, -daysMost))
}
