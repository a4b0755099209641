package notify_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/tongbao/tongbao/internal/platform/db"
	"github.com/tongbao/tongbao/internal/records/notify"
)

func TestACopyHasThePersonsMessagesAndErasingLeavesNone(t *testing.T) {
	t.Parallel()
	each(t, func(p *notify.Parts) { p.InboxOnly = true }, func(t *testing.T, o *office) {
		o.send(t, received(wang))
		o.send(t, received(li))
		copyOf := func() (out struct {
			Messages    []struct{ Title, Body string }
			Preferences []struct{ Category string }
		}) {
			t.Helper()
			err := o.db.Read(t.Context(), func(tx *db.Tx) error {
				name, data, err := o.Export(t.Context(), tx, wang)
				if err != nil || name != "notify" {
					return err
				}
				text, err := json.Marshal(data)
				if err == nil {
					err = json.Unmarshal(text, &out)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		if c := copyOf(); len(c.Messages) != 1 || !strings.Contains(c.Messages[0].Body, "1,280.50") || len(c.Preferences) == 0 {
			t.Errorf("copy: %+v", c)
		}
		if err := o.db.Write(t.Context(), func(tx *db.Tx) error { return o.Erase(t.Context(), tx, wang) }); err != nil {
			t.Fatal(err)
		}
		if c := copyOf(); len(c.Messages) != 0 {
			t.Errorf("after erasing: %+v", c)
		}
		if n, err := o.Unread(t.Context(), li); err != nil || n != 1 {
			t.Errorf("another's messages: %d, %v", n, err)
		}
	})
}
