package mobile

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/records/notify"
	"github.com/tongbao/tongbao/internal/values/id"
)

func (h *handlers) messageRoutes() {
	r := h.router
	api.Add(r, get("/messages", "message", "listMessages", "My inbox, newest first", mine), h.messages)
	api.Add(r, post("/messages/{id}/read", "message", "readMessage", "Mark a message as read", mine), h.readMessage)
	api.Add(r, post("/messages/read-all", "message", "readAllMessages", "Mark all messages as read", mine), h.readAllMessages)
	api.Add(r, get("/notification-preferences", "message", "notificationPreferences", "What reaches me where", myself), h.preferences)
	api.Add(r, put("/notification-preferences", "message", "setNotificationPreferences", "Choose what reaches me where", myself), h.setPreferences)
}

func (h *handlers) messages(ctx context.Context, in *Paging) (*answer[messagePage], error) {
	before, err := cursor[id.Message](in.Cursor)
	if err != nil {
		return nil, err
	}
	who := api.By(ctx).Customer()
	all, err := h.Messages.List(ctx, notify.Query{Customer: who, Locale: api.CallOf(ctx).Locale, Before: before, Limit: in.Limit})
	if err != nil {
		return nil, err
	}
	unread, err := h.Messages.Unread(ctx, who)
	next := ""
	if len(all) == in.Limit {
		next = string(all[len(all)-1].ID)
	}
	return with(messagePage{Page: api.PageOf(list(all, newMessage), next), Unread: unread}, err)
}

func (h *handlers) readMessage(ctx context.Context, in *OfID) (*none, error) {
	which, err := parse[id.Message](in.ID, "id")
	if err != nil {
		return nil, err
	}
	return done(h.Messages.Read(ctx, api.By(ctx).Customer(), which))
}

func (h *handlers) readAllMessages(ctx context.Context, _ *none) (*none, error) {
	return done(h.Messages.ReadAll(ctx, api.By(ctx).Customer()))
}

func (h *handlers) preferences(ctx context.Context, _ *none) (*answer[api.Page[preference]], error) {
	all, err := h.Messages.Preferences(ctx, api.By(ctx).Customer())
	return with(api.PageOf(list(all, newPreference), ""), err)
}

func (h *handlers) setPreferences(ctx context.Context, in *body[preferenceChoices]) (*answer[api.Page[preference]], error) {
	changes := list(in.Body.Choices, func(c PreferenceChoice) notify.Preference {
		return notify.Preference{Category: notify.Category(c.Category), Channel: notify.Channel(c.Channel), On: c.On}
	})
	if err := h.Messages.SetPreferences(ctx, api.By(ctx), changes); err != nil {
		return nil, err
	}
	return h.preferences(ctx, nil)
}

type messagePage struct {
	api.Page[message]
	Unread int64 `json:"unread" doc:"In the whole inbox"`
}

type message struct {
	ID       string  `json:"id"`
	Category string  `json:"category" enum:"security,transaction,service,marketing"`
	Template string  `json:"template" example:"payment.received" doc:"Which message it is"`
	Subject  string  `json:"subject,omitempty" doc:"Id of what it is about, so that the app can open it"`
	Title    string  `json:"title"`
	Body     string  `json:"body"`
	At       instant `json:"at"`
	Read     bool    `json:"read"`
}

func newMessage(m notify.Message) message {
	return message{
		ID: string(m.ID), Category: string(m.Category), Template: m.Template, Subject: m.Subject, Title: m.Title, Body: m.Body, At: m.At.UTC(), Read: m.Read,
	}
}

// PreferenceChoice says whether messages of a category go by a channel.
type PreferenceChoice struct {
	Category string `json:"category" enum:"security,transaction,service,marketing"`
	Channel  string `json:"channel" enum:"inbox,mail,sms"`
	On       bool   `json:"on"`
}

type preferenceChoices struct {
	Choices []PreferenceChoice `json:"choices" minItems:"1" maxItems:"32"`
}

type preference struct {
	PreferenceChoice
	Fixed bool `json:"fixed" doc:"Cannot be chosen"`
}

func newPreference(p notify.Preference) preference {
	return preference{PreferenceChoice{string(p.Category), string(p.Channel), p.On}, p.Fixed}
}
