package customer

import (
	"context"
	"errors"
	"time"

	"github.com/tongbao/tongbao/internal/platform/job"
)

// The kinds of jobs of this room.
const (
	jobVerify = "customer.verify"
	jobExport = "customer.export"
	jobHouse  = "customer.keep_house"
)

// houseTime is when the house is kept, in the bank's zone: after midnight, when days are over.
const houseTime = "20 0 * * *"

// Runner runs jobs and schedules; platform/job is one.
type Runner interface {
	Register(kind string, o job.Options, h job.Handler) error
	Every(name, spec, kind string) error
}

// Work says what does the jobs of this room. The program calls it before the runner starts.
func (s *Service) Work(r Runner) error {
	return errors.Join(
		r.Register(jobVerify, job.Options{Attempts: 6, Timeout: time.Minute, Backoff: 2 * time.Second}, s.verify),
		r.Register(jobExport, job.Options{Attempts: 5, Timeout: 5 * time.Minute}, s.makeExport),
		r.Register(jobHouse, job.Options{Attempts: 5, Timeout: 10 * time.Minute}, s.keepHouse),
		r.Every(jobHouse, houseTime, jobHouse),
	)
}

// keepHouse closes, erases and tidies up what is due.
func (s *Service) keepHouse(ctx context.Context, _ job.Job) error {
	return errors.Join(s.closeDue(ctx), s.eraseDue(ctx), s.dropUnfinished(ctx), s.expireExports(ctx))
}
