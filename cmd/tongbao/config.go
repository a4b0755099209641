package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// settings are the lines of a config file by the names that the file gives them. A flag on the command line is
// stronger than a TONGBAO_* variable, and that is stronger than the file.
type settings map[string]any

// BeforeResolve reads the file that --config or TONGBAO_CONFIG names. A file that is named must be there.
func (*commands) BeforeResolve(c *kong.Context) error {
	i := slices.IndexFunc(c.Model.Flags, func(f *kong.Flag) bool { return f.Name == "config" })
	name, _ := c.FlagValue(c.Model.Flags[i]).(string)
	if name == "" {
		return nil
	}
	file, err := os.Open(name)
	if err != nil {
		return fmt.Errorf("--config: %w", err)
	}
	defer file.Close()
	s, err := readSettings(file)
	if err == nil {
		c.AddResolver(s)
	}
	return err
}

// readSettings reads a config file: one JSON object.
func readSettings(r io.Reader) (settings, error) {
	values := settings{}
	d := json.NewDecoder(r)
	if err := d.Decode(&values); err != nil {
		return nil, fmt.Errorf("the config file must be a JSON object, as {\"listen\": \"…\"}: %w", err)
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("the config file has something after its JSON object")
	}
	return values, nil
}

// Validate refuses a name that is no flag of any command: a misspelt setting would else be silently the default. The
// message has the name and never the value, which may be a secret.
func (s settings) Validate(app *kong.Application) error {
	known := make(map[string]bool)
	for node := range nodes(app.Node) {
		for _, f := range node.Flags {
			for _, name := range spellings(f) {
				known[name] = true
			}
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s)) {
		if !known[name] {
			return fmt.Errorf("the config file has a setting %q, which is none: see tongbao serve --help", name)
		}
	}
	return nil
}

// Resolve is the file's value of a flag; nil where the file is silent or a variable is set.
func (s settings) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	for _, variable := range flag.Envs {
		if _, set := os.LookupEnv(variable); set {
			return nil, nil //nolint:nilnil // kong's way to say that this source is silent
		}
	}
	for _, name := range spellings(flag) {
		if value, ok := s[name]; ok {
			return value, nil
		}
	}
	return nil, nil //nolint:nilnil // as above
}

// spellings are the names of a flag in a file: console-listen, console_listen, consoleListen.
func spellings(f *kong.Flag) []string {
	words := strings.Split(f.Name, "-")
	for i := 1; i < len(words); i++ {
		words[i] = strings.ToUpper(words[i][:1]) + words[i][1:]
	}
	return []string{f.Name, strings.ReplaceAll(f.Name, "-", "_"), strings.Join(words, "")}
}

// nodes walks the commands.
func nodes(n *kong.Node) func(yield func(*kong.Node) bool) {
	return func(yield func(*kong.Node) bool) { walk(n, yield) }
}

func walk(n *kong.Node, yield func(*kong.Node) bool) bool {
	if !yield(n) {
		return false
	}
	for _, child := range n.Children {
		if !walk(child, yield) {
			return false
		}
	}
	return true
}
