package console

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/access"
	"github.com/tongbao/tongbao/internal/platform/bus"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/job"
)

// The permissions of the machinery, which stands below package access.
const (
	actionSystem access.Permission = "system.view"
	actionRetry  access.Permission = "system.retry"
)

func (h *handlers) systemRoutes() {
	r := h.router
	view := mayBank(actionSystem, access.Administration, access.Operating, access.Inspecting)
	retry := mayBank(actionRetry, access.Administration, access.Operating)
	api.Add(r, api.Get("/system", "system", "systemState", "The machinery at a glance", view), h.system)
	api.Add(r, api.Get("/system/dead-jobs", "system", "listDeadJobs", "Jobs that failed too often", view), h.deadJobs)
	api.Add(r, api.Post("/system/dead-jobs/{id}/retry", "system", "retryJob", "Try a dead job again", retry), h.retryJob)
	api.Add(r, api.Get("/system/dead-letters", "system", "listDeadLetters", "Events that a consumer refused too often", view), h.deadLetters)
	api.Add(r, api.Post("/system/dead-letters/retry", "system", "retryLetter", "Deliver a dead letter again", retry), h.retryLetter)
}

func (h *handlers) system(ctx context.Context, _ *api.None) (*api.Answer[systemState], error) {
	lag, err := h.Bus.Lag(ctx)
	if err != nil {
		return nil, err
	}
	counts, err := h.Jobs.Counts(ctx)
	if err != nil {
		return nil, err
	}
	sealing, err := h.Audit.Lag(ctx)
	if err != nil {
		return nil, err
	}
	skew, err := h.DB.Skew(ctx)
	if err != nil {
		return nil, err
	}
	out := systemState{
		Version: h.Facts.Version, Database: h.DB.Kind(), ClockSkewMillis: skew.Milliseconds(), Outbox: lag.Outbox,
		OutboxOldest: api.Instant(lag.Oldest), DeadLetters: lag.DeadLetters, Unsealed: sealing.Waiting,
		Jobs: api.List(counts, func(c job.Count) jobCount { return jobCount{c.Kind, c.State, c.Jobs, api.Instant(c.Oldest)} }),
	}
	err = h.DB.Read(ctx, func(tx *db.Tx) error {
		out.BusinessDate, err = h.Days.Current(ctx, tx)
		return err
	})
	return api.With(out, err)
}

func (h *handlers) deadJobs(ctx context.Context, in *api.Paging) (*api.Answer[api.Page[deadJob]], error) {
	all, err := h.Jobs.Dead(ctx, in.Cursor, in.Limit)
	wire := func(f job.Failed) deadJob {
		return deadJob{f.ID, f.Kind, f.Code, f.Trace, f.Attempts, f.MadeAt.UTC(), f.EndedAt.UTC()}
	}
	return api.With(api.PageOf(api.List(all, wire), next(all, in.Limit, func(f job.Failed) string { return f.ID })), err)
}

func (h *handlers) retryJob(ctx context.Context, in *api.OfID) (*api.None, error) {
	return api.Done(h.Jobs.Retry(ctx, in.ID))
}

func (h *handlers) deadLetters(ctx context.Context, in *letterQuery) (*api.Answer[deadLetters], error) {
	all, err := h.Bus.DeadLetters(ctx, bus.Page{AfterConsumer: in.AfterConsumer, AfterEvent: in.AfterEvent, Limit: lettersMost})
	wire := func(l bus.DeadLetter) deadLetter {
		return deadLetter{l.Consumer, l.Event, l.Type, l.Code, l.Attempts, l.FailedAt.UTC()}
	}
	return api.With(deadLetters{Items: api.List(all, wire), More: len(all) == lettersMost}, err)
}

const lettersMost = 100 // on a page

func (h *handlers) retryLetter(ctx context.Context, in *api.Body[letter]) (*api.None, error) {
	return api.Done(h.Bus.Retry(ctx, in.Body.Consumer, in.Body.Event))
}

type systemState struct {
	Version         string     `json:"version"`
	Database        string     `json:"database" example:"postgres"`
	BusinessDate    clock.Date `json:"businessDate"`
	ClockSkewMillis int64      `json:"clockSkewMillis" doc:"Of this node against the database"`
	Outbox          int64      `json:"outbox" doc:"Events that were not published yet"`
	OutboxOldest    *instant   `json:"outboxOldest,omitempty"`
	DeadLetters     int64      `json:"deadLetters"`
	Unsealed        int64      `json:"unsealed" doc:"Audit records without a place in the log yet"`
	Jobs            []jobCount `json:"jobs"`
}

type jobCount struct {
	Kind   string   `json:"kind"`
	State  string   `json:"state"`
	Count  int64    `json:"count"`
	Oldest *instant `json:"oldest,omitempty"`
}

type deadJob struct {
	ID       string  `json:"id"`
	Kind     string  `json:"kind"`
	Code     string  `json:"code" doc:"Of the last failure"`
	Trace    string  `json:"trace,omitempty"`
	Attempts int     `json:"attempts"`
	MadeAt   instant `json:"madeAt"`
	EndedAt  instant `json:"endedAt"`
}

type letterQuery struct {
	AfterConsumer string `query:"afterConsumer" maxLength:"128"`
	AfterEvent    string `query:"afterEvent" maxLength:"64"`
}

type deadLetters struct {
	Items []deadLetter `json:"items"`
	More  bool         `json:"more" doc:"There are more after the last one"`
}

type deadLetter struct {
	Consumer string  `json:"consumer"`
	Event    string  `json:"event"`
	Type     string  `json:"type"`
	Code     string  `json:"code"`
	Attempts int64   `json:"attempts"`
	FailedAt instant `json:"failedAt"`
}

type letter struct {
	Consumer string `json:"consumer" minLength:"1" maxLength:"128"`
	Event    string `json:"event" minLength:"1" maxLength:"64"`
}
