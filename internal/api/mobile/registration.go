package mobile

import (
	"context"

	"github.com/tongbao/tongbao/internal/api"
	"github.com/tongbao/tongbao/internal/parties/auth"
	"github.com/tongbao/tongbao/internal/parties/customer"
	"github.com/tongbao/tongbao/internal/platform/crypto"
	"github.com/tongbao/tongbao/internal/platform/i18n"
	"github.com/tongbao/tongbao/internal/values/id"
)

func (h *handlers) registrationRoutes() {
	either := api.Guard{Public: true, Either: true, Rate: api.Slow} // codes inside a session go to who has it
	api.Add(h.router, created(post("/codes", "registration", "sendCode", "Send a one-time code", either)), h.sendCode)
	api.Add(h.router, created(post("/registrations", "registration", "register", "Become a customer, with a code that went to one's phone or mail address", slowly(anyone))), h.register)
	api.Add(h.router, post("/password-resets", "registration", "resetPassword", "Choose a new password, known by contact, document and face", withPicture(slowly(anyone))), h.resetPassword)
	api.Add(h.router, post("/phone-replacements", "registration", "replaceLostPhone", "Replace a lost phone without a session, known by ID number, document and face; all sessions end", withPictures(slowly(anyone))), h.replaceLostPhone)
}

func (h *handlers) sendCode(ctx context.Context, in *body[newCode]) (*answer[sentCode], error) {
	b := in.Body
	if b.Phone != "" && b.Email != "" {
		return nil, api.ErrBadValue.At("/email")
	}
	sent, err := h.Auth.SendCode(ctx, api.By(ctx), client(ctx), auth.CodeRequest{
		Purpose: auth.CodePurpose(b.Purpose), Contact: b.Phone + b.Email, Ticket: crypto.Secret(b.Ticket),
	})
	return with(newSentCode(sent), err)
}

func (h *handlers) register(ctx context.Context, in *signInInput[registration]) (*signInAnswer, error) {
	b := in.Body
	code, err := b.answer(auth.CodeRegister)
	if err != nil {
		return nil, err
	}
	locale, _ := i18n.ParseLocale(b.Locale) // empty: the client's
	welcome, err := h.Customers.Register(ctx, api.By(ctx), client(ctx), customer.Registration{
		Code: code, Password: crypto.Secret(b.Password), Consents: list(b.Consents, consentChoice.choice), Locale: locale,
	})
	if err != nil {
		return nil, err
	}
	return h.signedIn(ctx, auth.SignIn{Session: &welcome.SignedIn, DeviceToken: welcome.SignedIn.DeviceToken}, in.Token)
}

func (h *handlers) resetPassword(ctx context.Context, in *body[passwordReset]) (*none, error) {
	b := in.Body
	code, err := b.answer(auth.CodePasswordReset)
	if err != nil {
		return nil, err
	}
	return done(h.Customers.ResetPassword(ctx, api.By(ctx), client(ctx), customer.PasswordReset{
		Code: code, Name: b.Name, IDNumber: b.IDNumber, Face: b.FaceImage, Password: crypto.Secret(b.NewPassword),
	}))
}

func (h *handlers) replaceLostPhone(ctx context.Context, in *body[phoneReplacement]) (*none, error) {
	b := in.Body
	code, err := b.answer(auth.CodeLostPhone)
	if err != nil {
		return nil, err
	}
	return done(h.Customers.ReplacePhone(ctx, api.By(ctx), client(ctx), customer.PhoneReplacement{
		Code: code, Name: b.Name, IDNumber: b.IDNumber, Front: b.DocumentFront, Back: b.DocumentBack, Face: b.FaceImage,
	}))
}

type newCode struct {
	Purpose string `json:"purpose" enum:"register,sign_in,password_reset,lost_phone,new_contact,step_up,second_factor" doc:"What the code will be good for; lost_phone goes to the new phone; new_contact and step_up need a session, second_factor a ticket"`
	Phone   string `json:"phone,omitempty" maxLength:"32" example:"13800138000" doc:"Where to; not with step_up and second_factor, whose code goes to the person's own phone"`
	Email   string `json:"email,omitempty" maxLength:"254" example:"li@example.org" doc:"Where to, instead of a phone"`
	Ticket  string `json:"ticket,omitempty" maxLength:"512" doc:"Of the sign-in that waits for its second factor"`
}

type sentCode struct {
	ChallengeID        string  `json:"challengeId"`
	SentTo             string  `json:"sentTo" example:"138****8000" doc:"Masked"`
	ExpiresAt          instant `json:"expiresAt"`
	ResendAfterSeconds int     `json:"resendAfterSeconds" doc:"Until another code may be asked for"`
}

func newSentCode(s auth.Sent) sentCode {
	return sentCode{ChallengeID: string(s.Challenge), SentTo: s.To, ExpiresAt: s.ExpiresAt.UTC(), ResendAfterSeconds: seconds(s.ResendAfter)}
}

// CodeAnswer is a code as a person typed it.
type CodeAnswer struct {
	ChallengeID string `json:"challengeId" maxLength:"64" doc:"What POST /codes answered"`
	Code        string `json:"code" minLength:"4" maxLength:"12" pattern:"^[0-9]+$" example:"426817"`
}

func (a CodeAnswer) answer(purpose auth.CodePurpose) (auth.CodeAnswer, error) {
	challenge, err := parse[id.Challenge](a.ChallengeID, "/challengeId")
	return auth.CodeAnswer{Purpose: purpose, Challenge: challenge, Code: crypto.Secret(a.Code)}, err
}

type registration struct {
	CodeAnswer
	Password string          `json:"password" minLength:"1" maxLength:"256" format:"password" doc:"At least eight characters; common and personal ones are refused"`
	Consents []consentChoice `json:"consents" maxItems:"16" doc:"All necessary ones, and any others"`
	Locale   string          `json:"locale,omitempty" enum:"zh-Hans,zh-Hant,en" doc:"Of messages; the request's language when empty"`
}

// Identity is a person who shows document and face again.
type Identity struct {
	Name      string `json:"name" minLength:"1" maxLength:"64" example:"王小明" doc:"As on the Identity document"`
	IDNumber  string `json:"idNumber" minLength:"15" maxLength:"18" pattern:"^[0-9]{15,17}[0-9Xx]?$" example:"110101199003070070" doc:"Resident ID number (GB 11643)"`
	FaceImage []byte `json:"faceImage" maxLength:"6291456" doc:"JPEG or PNG, base64"`
}

type passwordReset struct {
	CodeAnswer
	Identity
	NewPassword string `json:"newPassword" minLength:"1" maxLength:"256" format:"password"`
}

type phoneReplacement struct {
	CodeAnswer
	Identity
	DocumentFront []byte `json:"documentFront" maxLength:"6291456" doc:"JPEG or PNG, base64: the side with the portrait"`
	DocumentBack  []byte `json:"documentBack" maxLength:"6291456" doc:"JPEG or PNG, base64: the side with the emblem"`
}
