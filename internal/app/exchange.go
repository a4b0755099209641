package app

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/tongbao/tongbao/internal/products/exchange"
	"github.com/tongbao/tongbao/internal/products/exchange/feed"
)

// simulatorRates is the setting of a source that makes rates up.
const simulatorRates = "simulator"

// ratesSeed makes every demo bank see the same rates.
const ratesSeed = 20260413

var errMadeUpRates = errors.New("--rates simulator makes rates up: name a file or an address, or say --allow-simulators for a trial with made-up people")

// openExchange opens the room that turns one currency into another, with its source of rates.
func (b *Bank) openExchange(o Options) error {
	source := o.Rates
	if source == nil {
		var err error
		if source, err = b.Config.rates(); err != nil {
			return err
		}
	}
	b.Exchange = exchange.New(exchange.Needs{
		DB: b.DB, Clock: b.Clock, Source: source, Accounts: b.Deposits, Products: b.Products, Books: b.Ledger, Days: b.Days, Rules: b.Rules,
		Proofs: b.Auth, Blocks: b.Customers, Tokens: b.Ring, Audit: b.Audit, Events: b.Bus, Log: b.Log,
	})
	return nil
}

// rates are the source that the settings name; nil for none.
func (c *Config) rates() (exchange.Source, error) {
	setting := c.Rates
	if setting == "" && c.Demo {
		setting = simulatorRates
	}
	switch {
	case setting == "":
		return nil, nil
	case setting == simulatorRates && !c.Demo && !c.AllowSimulators:
		return nil, errMadeUpRates
	case setting == simulatorRates:
		return feed.Simulator(ratesSeed), nil
	}
	if path, isFile := strings.CutPrefix(setting, "file:"); isFile {
		return feed.File(path), nil
	}
	source, err := feed.Address(setting)
	if err != nil {
		return nil, fmt.Errorf("--rates: %w", err)
	}
	return source, nil
}

// refreshRates asks the source. What is not taken is told to operators; the rates then grow old and nothing is quoted.
func (b *Bank) refreshRates(ctx context.Context) error {
	_, err := b.Exchange.Refresh(ctx)
	if err != nil {
		b.Log.Warn("rates of currencies are not fresh", "err", err)
	}
	if errors.Is(err, exchange.ErrSource) || errors.Is(err, exchange.ErrJump) {
		return nil // the schedule comes round by itself
	}
	return err
}

const greetTimeout = 15 * time.Second

// greetRates asks the source once when a node starts, so that the first customer need not wait for the schedule.
func (b *Bank) greetRates(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, greetTimeout)
	defer cancel()
	if err := b.refreshRates(ctx); err != nil {
		b.Log.Warn("rates of currencies are not kept", "err", err)
	}
}
