package access

import (
	"context"
	"fmt"
	"time"

	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/platform/fault"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/records/notify"
	"github.com/tongbao/tongbao/internal/values/id"
)

// The mails to staff.
const (
	TemplateInvitation = "access.invitation"
	TemplateAlert      = "access.alert"
)

// mailLife is how long the bank tries to deliver a mail to staff.
const mailLife = 24 * time.Hour

// write sends a mail to a member of staff, and says whether it goes out: he may have no address, and the bank no mail.
func (s *Service) write(ctx context.Context, tx *db.Tx, who id.Staff, template, code string) (bool, error) {
	contacts, err := s.Auth.Contacts(ctx, tx, auth.Principal(who))
	if err != nil {
		return false, err
	}
	for _, c := range contacts {
		if c.Kind != auth.Email {
			continue
		}
		mail := notify.Code{To: c.Value, Locale: i18n.ZhHans, Template: template, Code: code, Expires: tx.Now().Add(mailLife)}
		switch err := s.Messenger.SendCode(ctx, tx, mail); {
		case err == nil:
			return true, nil
		case fault.CodeOf(err) != notify.ErrNoChannel.Code():
			return false, fmt.Errorf("write to staff: %w", err)
		}
	}
	return false, nil
}

// send mails an invitation.
func (s *Service) send(ctx context.Context, tx *db.Tx, who id.Staff, i auth.Invitation) (bool, error) {
	return s.write(ctx, tx, who, TemplateInvitation, s.Link(i.Token))
}
