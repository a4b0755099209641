package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/tongbao/tongbao/internal/app/bench"
)

type benchCommand struct {
	Transfers benchTransfers `cmd:"" help:"Pay as fast as the bank answers; then verify the books."`
	Reads     benchReads     `cmd:"" help:"Read home screens, and the history of an account with many entries, over HTTP."`
	Growth    benchGrowth    `cmd:"" help:"The same load of payments on top of longer and longer histories."`
	EOD       benchEOD       `cmd:"" name:"eod" help:"End of day of a bank with many accounts, alone and beside payments; then verify the books."`
}

type benchTransfers struct {
	Database    string  `help:"sqlite, or postgres://… of a server where a database may be made." default:"sqlite"`
	Customers   int     `help:"How many people pay each other." default:"1000"`
	Concurrency int     `help:"How many payments are under way at the same time." default:"512"`
	Seconds     float64 `help:"Length of the measured window." default:"5"`
	Shape       string  `help:"Who pays whom: random, hot (everybody pays one account) or zipf." default:"random" enum:"random,hot,zipf"`
	Via         string  `help:"service, or http: sessions and PINs over loopback." default:"service" enum:"service,http"`
	Batch       int     `help:"Over HTTP: transfers of one bulk payment, under one proof. By the service: most transfers of one transaction. 0 is single payments in the bank's own batches."`
	Workers     int     `help:"Transactions under way at the same time; 0 is the bank's default."`
	Live        bool    `help:"Deliver events, send messages and seal the audit log beside the load."`
	Profile     string  `help:"Write a CPU profile of the measured window." type:"path" placeholder:"FILE"`
	JSON        bool    `name:"json" help:"Print the report as JSON."`
}

// Run makes a bank, loads it and verifies it; its error says that the books do not hold or that nothing was measured.
func (b *benchTransfers) Run(ctx context.Context) error {
	bulk, size := 0, b.Batch
	if bench.Via(b.Via) == bench.ViaHTTP {
		bulk, size = b.Batch, 0
	}
	report, err := bench.Transfers(ctx, bench.Load{
		Database: b.Database, Customers: b.Customers, Concurrency: b.Concurrency, Time: time.Duration(b.Seconds * float64(time.Second)),
		Shape: bench.Shape(b.Shape), Via: bench.Via(b.Via), Bulk: bulk, Batch: size, Workers: b.Workers, Live: b.Live, Profile: b.Profile, Progress: progress,
	})
	if err != nil {
		return err
	}
	return printReport(report, b.JSON)
}

type benchReads struct {
	Database    string  `help:"sqlite, or postgres://… of a server where a database may be made." default:"sqlite"`
	Customers   int     `help:"How many people look at their home screens." default:"200"`
	Concurrency int     `help:"How many connections ask at the same time." default:"64"`
	Seconds     float64 `help:"Length of each measured window." default:"5"`
	Entries     int64   `help:"Entries of the account whose history is read." default:"1000000"`
	JSON        bool    `name:"json" help:"Print the report as JSON."`
}

// Run makes a bank and reads from it.
func (b *benchReads) Run(ctx context.Context) error {
	report, err := bench.Reads(ctx, bench.Load{
		Database: b.Database, Customers: b.Customers, Concurrency: b.Concurrency, Time: time.Duration(b.Seconds * float64(time.Second)), Progress: progress,
	}, b.Entries)
	if err != nil {
		return err
	}
	return printReport(report, b.JSON)
}

type benchGrowth struct {
	Database    string  `help:"sqlite, or postgres://… of a server where a database may be made." default:"sqlite"`
	Customers   int     `help:"How many people pay each other." default:"1000"`
	Concurrency int     `help:"How many payments are under way at the same time." default:"512"`
	Seconds     float64 `help:"Length of each measured window." default:"5"`
	Entries     []int64 `help:"Entries of the ledger before each window, in rising order." default:"0,1000000,10000000"`
	JSON        bool    `name:"json" help:"Print the report as JSON."`
}

// Run makes a bank, lets it grow, and loads it in between.
func (b *benchGrowth) Run(ctx context.Context) error {
	report, err := bench.Growth(ctx, bench.Load{
		Database: b.Database, Customers: b.Customers, Concurrency: b.Concurrency, Time: time.Duration(b.Seconds * float64(time.Second)),
		Shape: bench.Random, Via: bench.ViaService, Progress: progress,
	}, b.Entries)
	if err != nil {
		return err
	}
	return printReport(report, b.JSON)
}

type benchEOD struct {
	Database    string  `help:"sqlite, or postgres://… of a server where a database may be made." default:"sqlite"`
	Accounts    int     `help:"How many accounts the bank has." default:"10000"`
	Days        int     `help:"How many days are ended: the first alone, the others beside payments." default:"2"`
	Concurrency int     `help:"How many people pay at the same time." default:"128"`
	Seconds     float64 `help:"Length of the window that finds the usual rate of payments." default:"5"`
	JSON        bool    `name:"json" help:"Print the report as JSON."`
}

// Run makes a bank with accounts, ends its days and verifies it.
func (b *benchEOD) Run(ctx context.Context) error {
	report, err := bench.EndOfDay(ctx, bench.EndLoad{
		Database: b.Database, Accounts: b.Accounts, Days: b.Days, Concurrency: b.Concurrency,
		Time: time.Duration(b.Seconds * float64(time.Second)), Progress: progress,
	})
	if err != nil {
		return err
	}
	return printReport(report, b.JSON)
}

func printReport(report fmt.Stringer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(os.Stdout).Encode(report)
	}
	fmt.Println(report)
	return nil
}
