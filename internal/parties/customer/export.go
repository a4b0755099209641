package customer

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/clock"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/job"
	"github.com/tongbao/tongbao/internal/values/act"
	"github.com/tongbao/tongbao/internal/values/id"
)

// What keeps a person from a copy of his data.
var (
	// ErrNoExport says that there is no such copy, or that it has expired.
	ErrNoExport = fault.New(fault.NotFound, "customer.no_export")
	// ErrExportWaits says that the copy is being made.
	ErrExportWaits = fault.New(fault.Busy, "customer.export_waits").Wait(10 * time.Second)
	// ErrExportSize says that a copy is too large to be made by the program: staff make it.
	ErrExportSize = fault.New(fault.Internal, "customer.export_too_large")
)

const (
	ruleExportLife = "customer.export.life_days"
	exportMost     = 32 << 20 // bytes of a copy
	exportLines    = 10_000   // of one list in a copy
)

// ExportState is how far a copy has come.
type ExportState string

// How far a copy comes.
const (
	ExportRequested ExportState = "requested"
	ExportReady     ExportState = "ready"
	ExportExpired   ExportState = "expired"
)

// Export is a copy of a person's data (PIPL art. 45): a ZIP file with a JSON file of each domain.
type Export struct {
	ID          string
	State       ExportState
	RequestedAt time.Time
	ReadyAt     time.Time
	ExpiresAt   time.Time // then the file is deleted
}

type exportPayload struct {
	Customer id.Customer `json:"customer"`
	Export   string      `json:"export"`
}

// RequestExport has a copy of the customer's data made, in the background; a message tells when it is ready. While one is
// being made or ready, the same one is answered.
func (s *Service) RequestExport(ctx context.Context, by act.By) (Export, error) {
	var e Export
	_, err := s.change(ctx, by, func(tx *db.Tx, p *person) error {
		if p.state == Closed {
			return ErrClosed
		}
		all, err := listExports(ctx, tx, p.id, 1)
		if err != nil {
			return fmt.Errorf("list exports: %w", err)
		}
		if len(all) > 0 && all[0].at(tx.Now()).State != ExportExpired {
			e = all[0]
			return nil
		}
		e = Export{ID: id.Raw(tx.Now()), State: ExportRequested, RequestedAt: tx.Now()}
		if err := insertExport(ctx, tx, p.id, e); err != nil {
			return fmt.Errorf("keep export: %w", err)
		}
		err = s.jobs.Enqueue(ctx, tx, job.Request{Kind: jobExport, Payload: exportPayload{p.id, e.ID}, Unique: e.ID})
		if err != nil {
			return fmt.Errorf("enqueue export: %w", err)
		}
		return s.record(ctx, tx, by, p.id, note{act: actExport, subject: e.ID})
	})
	return e, err
}

// at is the export as it stands at an instant, also before the nightly job has deleted the file.
func (e Export) at(now time.Time) Export {
	if e.State == ExportReady && !now.Before(e.ExpiresAt) {
		e.State = ExportExpired
	}
	return e
}

// Exports are the copies of the customer who asks, the newest first.
func (s *Service) Exports(ctx context.Context, by act.By) ([]Export, error) {
	var all []Export
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		var err error
		all, err = listExports(ctx, tx, by.Customer(), pageMost)
		for i := range all {
			all[i] = all[i].at(tx.Now())
		}
		return err
	})
	return all, err
}

// ExportFile is the ZIP file of a copy that is ready. Everything is in it, so it wants a passkey or two factors.
// Errors: ErrNoExport, ErrExportWaits, auth.ErrStepUp.
func (s *Service) ExportFile(ctx context.Context, by act.By, export string, proof crypto.Secret) ([]byte, error) {
	var file []byte
	err := s.write(ctx, func(tx *db.Tx) error {
		e, sealed, found, err := findExport(ctx, tx, by.Customer(), export)
		switch e = e.at(tx.Now()); {
		case err != nil:
			return fmt.Errorf("find export: %w", err)
		case !found || e.State == ExportExpired:
			return ErrNoExport
		case e.State == ExportRequested:
			return ErrExportWaits
		}
		if err := s.auth.UseProof(ctx, tx, by, PurposeExport, proof, strong()...); err != nil {
			return err
		}
		file, err = s.vault.Open(ctx, tx, string(by.Customer()), place("export", "content", e.ID), sealed)
		if err != nil {
			return err
		}
		return s.record(ctx, tx, by, by.Customer(), note{act: actExportFetch, subject: e.ID})
	})
	return file, err
}

// makeExport is the job that makes a copy: it reads everything on one view of the database, and keeps it sealed.
func (s *Service) makeExport(ctx context.Context, j job.Job) error {
	var payload exportPayload
	if err := j.Payload(&payload); err != nil {
		return err
	}
	var file []byte
	err := s.db.Read(ctx, func(tx *db.Tx) error {
		var err error
		file, err = s.bundle(ctx, tx, payload.Customer)
		return err
	})
	if err != nil {
		return fmt.Errorf("read data of %s: %w", payload.Customer, err)
	}
	return s.write(ctx, func(tx *db.Tx) error {
		if err := j.CheckFence(ctx, tx); err != nil {
			return err
		}
		return s.keepExport(ctx, tx, payload, file)
	})
}

func (s *Service) keepExport(ctx context.Context, tx *db.Tx, of exportPayload, file []byte) error {
	e, _, found, err := findExport(ctx, tx, of.Customer, of.Export)
	if err != nil || !found || e.State != ExportRequested {
		return err
	}
	life, err := s.rules.Duration(ctx, ruleExportLife, s.days.Date(tx.Now()))
	if err != nil {
		return err
	}
	sealed, err := s.vault.Seal(ctx, tx, string(of.Customer), place("export", "content", e.ID), file)
	if err != nil {
		return err
	}
	e.State, e.ReadyAt, e.ExpiresAt = ExportReady, tx.Now(), tx.Now().Add(life)
	if err := saveExport(ctx, tx, e, sealed); err != nil {
		return fmt.Errorf("keep export: %w", err)
	}
	by := act.Job(jobExport)
	err = s.LogAccess(ctx, tx, by, []Access{{Customer: of.Customer, Purpose: AccessExport, Fields: FieldsAll}})
	if err != nil {
		return err
	}
	if err := s.record(ctx, tx, by, of.Customer, note{act: actExport, subject: e.ID}); err != nil {
		return err
	}
	return s.tell(ctx, tx, of.Customer, TemplateExport, nil)
}

// bundle writes what every domain keeps about a person into one ZIP file.
func (s *Service) bundle(ctx context.Context, tx *db.Tx, customer id.Customer) ([]byte, error) {
	var out bytes.Buffer
	files := zip.NewWriter(&out)
	for _, domain := range s.exporters {
		name, data, err := domain.Export(ctx, tx, customer)
		if err != nil {
			return nil, err
		}
		header := &zip.FileHeader{Name: name + ".json", Method: zip.Deflate, Modified: tx.Now()}
		file, err := files.CreateHeader(header)
		if err == nil {
			err = writeJSON(file, data)
		}
		if err != nil {
			return nil, fmt.Errorf("write %s.json: %w", name, err)
		}
	}
	if err := files.Close(); err != nil {
		return nil, err
	}
	if out.Len() > exportMost {
		return nil, ErrExportSize
	}
	return out.Bytes(), nil
}

func writeJSON(to io.Writer, data any) error {
	e := json.NewEncoder(to)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(data)
}

// ownData exports and erases what this room keeps.
type ownData struct{ *Service }

// ownExport is the shape of customer.json.
type ownExport struct {
	Customer      id.Customer          `json:"customer"`
	State         State                `json:"state"`
	Level         Level                `json:"level"`
	Since         time.Time            `json:"since"`
	HomeBranch    string               `json:"homeBranch"`
	Language      string               `json:"language"`
	Nickname      string               `json:"nickname,omitempty"`
	Name          string               `json:"name,omitempty"`
	IDNumber      string               `json:"idNumber,omitempty"`
	Birth         clock.Date           `json:"birth,omitzero"`
	Contacts      []string             `json:"contacts"`
	Consents      []exportConsent      `json:"consents"`
	Verifications []exportVerification `json:"verifications"`
	Accesses      []exportAccess       `json:"accesses"`
	Meetings      []exportMeeting      `json:"meetings"`
}

type exportMeeting struct {
	At     time.Time `json:"at"`
	Branch string    `json:"branch"`
}

type exportConsent struct {
	Purpose Purpose     `json:"purpose"`
	Version int64       `json:"version"`
	Given   bool        `json:"given"`
	Channel act.Channel `json:"channel"`
	At      time.Time   `json:"at"`
}

type exportVerification struct {
	ID          id.Verification `json:"id"`
	State       Progress        `json:"state"`
	StartedAt   time.Time       `json:"startedAt"`
	SubmittedAt time.Time       `json:"submittedAt,omitzero"`
	DecidedAt   time.Time       `json:"decidedAt,omitzero"`
}

type exportAccess struct {
	At      time.Time `json:"at"`
	Kind    act.Kind  `json:"kind"`
	Purpose string    `json:"purpose"`
	Fields  string    `json:"fields"`
}

// Export is everything about a person in this room. Pictures stay where they are: the person has them, and the file
// should not be worth stealing.
func (s ownData) Export(ctx context.Context, tx *db.Tx, customer id.Customer) (name string, data any, err error) {
	p, err := s.person(ctx, tx, customer)
	if err != nil {
		return "", nil, err
	}
	own := ownExport{
		Customer: p.id, State: p.state, Level: p.level, Since: p.madeAt, HomeBranch: p.homeBranch, Language: string(p.locale),
		Nickname: p.nickname, Name: p.name.Reveal(), IDNumber: p.number.Reveal(), Birth: p.number.Birth(), Contacts: []string{},
		Consents: []exportConsent{}, Verifications: []exportVerification{}, Accesses: []exportAccess{}, Meetings: []exportMeeting{},
	}
	contacts, err := s.auth.Contacts(ctx, tx, auth.Principal(p.id))
	if err != nil {
		return "", nil, err
	}
	for _, c := range contacts {
		own.Contacts = append(own.Contacts, c.Value)
	}
	changes, err := listConsents(ctx, tx, p.id, 0, exportLines)
	if err != nil {
		return "", nil, err
	}
	for _, c := range changes {
		own.Consents = append(own.Consents, exportConsent{c.Purpose, c.Version, c.Given, c.Channel, c.At})
	}
	ways, err := listVerifications(ctx, tx, p.id, exportLines)
	if err != nil {
		return "", nil, err
	}
	for _, v := range ways {
		own.Verifications = append(own.Verifications, exportVerification{v.id, v.state, v.startedAt, v.submittedAt, v.decidedAt})
	}
	looks, err := listAccesses(ctx, tx, p.id, "", exportLines)
	for _, a := range looks {
		own.Accesses = append(own.Accesses, exportAccess{a.At, a.Kind, a.Purpose, a.Fields})
	}
	if err != nil {
		return "", nil, err
	}
	own.Meetings, err = listMeetings(ctx, tx, p.id, exportLines)
	return "customer", own, err
}

// Erase deletes the files of copies, and the verifications with their hashes of ID numbers; the rest is sealed, and goes
// with the key.
func (ownData) Erase(ctx context.Context, tx *db.Tx, customer id.Customer) error {
	if err := deleteExports(ctx, tx, customer); err != nil {
		return err
	}
	return deleteVerifications(ctx, tx, customer)
}

// expireExports deletes the files of copies that were ready long enough.
func (s *Service) expireExports(ctx context.Context) error {
	return s.db.Write(ctx, func(tx *db.Tx) error { return expireExports(ctx, tx) })
}
