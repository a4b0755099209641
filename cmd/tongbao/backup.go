package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"time"

	"github.com/tongbao/tongbao/internal/app"
	"github.com/tongbao/tongbao/internal/app/backup"
)

type backupCommand struct {
	app.Config   `embed:""`
	To           string        `help:"Folder that keeps the backups, best on another machine; or s3://BUCKET/FOLDER?endpoint=https://HOST:PORT&region=REGION." required:"" placeholder:"PLACE"`
	Every        time.Duration `help:"Make one again and again, such as 1m, until interrupted." placeholder:"DURATION"`
	Keep         int           `help:"The newest so many stay, however old." default:"3"`
	KeepDays     int           `help:"One of each day stays for so many days, one of each hour for two, each for an hour." default:"30"`
	app.StoreKey `embed:""`
	JSON         bool `name:"json" help:"Print each backup as a line of JSON."`
}

// Run makes a backup, or many; a failure among many is told and the next one tried.
func (b *backupCommand) Run(ctx context.Context) error {
	l, err := logger(b.LogLevel, b.LogFormat)
	if err != nil {
		return err
	}
	plan := app.BackupPlan{To: b.To, Store: b.StoreKey, Every: b.Every, Keep: backup.Keep{Least: b.Keep, Days: b.KeepDays}}
	return app.Backup(ctx, b.Config, plan, func(made backup.Made, err error) {
		if err != nil {
			l.Error("no backup was made", "err", err)
			return
		}
		b.tell(made)
	})
}

func (b *backupCommand) tell(made backup.Made) {
	if b.JSON {
		_ = json.NewEncoder(os.Stdout).Encode(map[string]any{ // whoever asked may have gone
			"name": made.Name, "madeAt": made.MadeAt, "bytes": made.Bytes, "parts": len(made.Parts), "newParts": made.New,
			"newBytes": made.NewBytes, "businessDate": made.BusinessDate, "auditLeaves": made.Audit.Leaves,
		})
		return
	}
	fmt.Printf("backup %s: %d bytes in %d parts, %d of them new (%d bytes stored), business date %s, audit log of %d records\n",
		made.Name, made.Bytes, len(made.Parts), made.New, made.NewBytes, made.BusinessDate, made.Audit.Leaves)
}
