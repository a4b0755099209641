// Package act says who acts and how. Every service act of the bank takes a By, and the audit record, the
// journal and the transfer keep it, so that years later anyone can say who moved what, for whom, from where.
package act

import "github.com/tongbao/tongbao/internal/values/id"

// Kind is the kind of an actor.
type Kind string

// The kinds of actors.
const (
	Customer Kind = "customer"
	Staff    Kind = "staff"
	System   Kind = "system"  // a job or an event consumer of the bank itself
	Visitor  Kind = "visitor" // somebody who has not signed in: registers, signs in, asks for a code
)

// Channel is the way by which an act reached the bank; limits and statistics are cut by it.
type Channel string

// The channels.
const (
	Mobile  Channel = "mobile"
	Console Channel = "console"
	Branch  Channel = "branch"
	Partner Channel = "partner"
	Batch   Channel = "batch" // jobs, end of day
)

// HeadOffice is the branch of acts and accounts that no other branch owns.
const HeadOffice = "0001"

// By is who acts and how.
type By struct {
	Kind       Kind
	Actor      string      // id of the customer, staff member, or name of the job
	OnBehalfOf id.Customer // set when somebody acts for a customer
	Channel    Channel
	Branch     string // branch code, HeadOffice when none
	Device     id.Device
	Session    id.Session
	Address    string // network address of the caller, without port
	Trace      string // trace id, to find the logs
	Reason     string // why, when a person must say why
}

// Person is the act of a customer for himself.
func Person(customer id.Customer, channel Channel) By {
	return By{Kind: Customer, Actor: string(customer), OnBehalfOf: customer, Channel: channel, Branch: HeadOffice}
}

// Job is an act of the bank's own machinery.
func Job(name string) By {
	return By{Kind: System, Actor: name, Channel: Batch, Branch: HeadOffice}
}

// Customer is the customer that the act is for: himself, or whom staff serve. Empty for acts of the system.
func (b By) Customer() id.Customer { return b.OnBehalfOf }

// Because returns the act with its reason.
func (b By) Because(reason string) By {
	b.Reason = reason
	return b
}
