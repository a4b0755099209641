package access

import (
	"cmp"
	"embed"
	"encoding/json"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/cedar-policy/cedar-go"
)

//go:embed policies/*.cedar
var policyFiles embed.FS

// Policy is one policy as it stands in its file.
type Policy struct {
	ID      string // file and name: teller.serve
	File    string
	Forbids bool
	Text    string       // with the comment above it
	Actions []Permission // that it speaks of; none: of all
	rule    *cedar.Policy
}

// policies are all of them, and for each permission those that speak of it.
type policies struct {
	all    []Policy
	by     map[Permission]*cedar.PolicySet
	byName map[string]*Policy
}

// readPolicies reads the files that the program carries.
func readPolicies() (*policies, error) {
	names, err := fs.Glob(policyFiles, "policies/*.cedar")
	if err != nil {
		return nil, err
	}
	p := &policies{by: make(map[Permission]*cedar.PolicySet), byName: make(map[string]*Policy)}
	for _, name := range names {
		text, err := policyFiles.ReadFile(name)
		if err != nil {
			return nil, err
		}
		some, err := parseFile(strings.TrimSuffix(strings.TrimPrefix(name, "policies/"), ".cedar"), string(text))
		if err != nil {
			return nil, err
		}
		p.all = append(p.all, some...)
	}
	slices.SortStableFunc(p.all, func(a, b Policy) int { return cmp.Compare(a.File, b.File) })
	for i := range p.all {
		if p.byName[p.all[i].ID] != nil {
			return nil, fmt.Errorf("two policies are called %s", p.all[i].ID)
		}
		p.byName[p.all[i].ID] = &p.all[i]
	}
	for _, permission := range p.permissions() {
		set := cedar.NewPolicySet()
		for _, one := range p.all {
			if len(one.Actions) == 0 || slices.Contains(one.Actions, permission) {
				set.Add(cedar.PolicyID(one.ID), one.rule)
			}
		}
		p.by[permission] = set
	}
	return p, nil
}

// permissions are all that the policies speak of, sorted.
func (p *policies) permissions() []Permission {
	var all []Permission
	for _, one := range p.all {
		all = append(all, one.Actions...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// parseFile reads the policies of one file. Each has an annotation @id.
func parseFile(file, text string) ([]Policy, error) {
	list, err := cedar.NewPolicyListFromBytes(file+".cedar", []byte(text))
	if err != nil {
		return nil, fmt.Errorf("%s.cedar: %w", file, err)
	}
	var all []Policy
	for i, rule := range list {
		name := string(rule.Annotations()["id"])
		if name == "" {
			return nil, fmt.Errorf("%s.cedar: a policy in line %d has no @id", file, rule.Position().Line)
		}
		actions, err := actionsOf(rule)
		if err != nil {
			return nil, fmt.Errorf("%s.%s: %w", file, name, err)
		}
		end := len(text)
		if i+1 < len(list) {
			end = list[i+1].Position().Offset
		}
		all = append(all, Policy{
			ID: file + "." + name, File: file, Forbids: rule.Effect() == cedar.Forbid, Actions: actions, rule: rule,
			Text: policyText(text, rule.Position().Offset, end),
		})
	}
	return all, nil
}

// policyText cuts a policy out of its file, with the comment lines right above it.
func policyText(text string, from, to int) string {
	lines := strings.Split(strings.TrimRight(text[:from], " \t"), "\n")
	above := ""
	for i := len(lines) - 2; i >= 0 && strings.HasPrefix(lines[i], "//"); i-- {
		above = lines[i] + "\n" + above
	}
	body := text[from:to]
	if end := strings.LastIndex(body, ";"); end >= 0 {
		body = body[:end+1]
	}
	return above + body
}

// actionsOf reads which actions a policy's head names: == one, in some, or none for all.
func actionsOf(rule *cedar.Policy) ([]Permission, error) {
	type entity struct{ Type, ID string }
	var head struct {
		Action struct {
			Op       string
			Entity   entity
			Entities []entity
		}
	}
	text, err := rule.MarshalJSON()
	if err != nil {
		return nil, err
	}
	if err := json.Unmarshal(text, &head); err != nil {
		return nil, err
	}
	if head.Action.Op == "All" {
		return nil, nil
	}
	named := append(head.Action.Entities, head.Action.Entity)
	var all []Permission
	for _, e := range named {
		if e.Type == string(typeAction) {
			all = append(all, Permission(e.ID))
		}
	}
	if len(all) == 0 {
		return nil, fmt.Errorf("its head names no action")
	}
	return all, nil
}

// Policies are all policies as they stand, by file.
func (s *Service) Policies() []Policy { return slices.Clone(s.policies.all) }

// Permissions are all that any policy speaks of; whatever else is asked for is denied.
func (s *Service) Permissions() []Permission { return s.policies.permissions() }
