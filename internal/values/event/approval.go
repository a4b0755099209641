package event

import "github.com/tongbao/tongbao/internal/values/id"

// ApprovalRequested tells that somebody of the bank asks for an act that others decide.
type ApprovalRequested struct {
	Request   id.Approval `json:"request"`
	Kind      string      `json:"act"` // which act
	Requester id.Staff    `json:"requester"`
	Branch    string      `json:"branch"`
	Steps     int         `json:"steps"` // decisions that it needs; 0 when it was done at once
}

// ApprovalEnded tells that a request was executed, refused, withdrawn, has expired, was overtaken or failed.
type ApprovalEnded struct {
	Request   id.Approval `json:"request"`
	Kind      string      `json:"act"`
	Requester id.Staff    `json:"requester"`
	State     string      `json:"state"`
	Code      string      `json:"code"` // why it was overtaken or failed
}

func (ApprovalRequested) kind() (string, int) { return "approval.requested", 1 }
func (ApprovalEnded) kind() (string, int)     { return "approval.ended", 1 }
