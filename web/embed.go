// Package web holds the two built apps: what customers hold (mobile) and what staff work in (console). They are inside
// the binary when it is built with the tag ui after npm run build; without the tag a small page says how to build them,
// so that the Go code compiles and tests without Node.
//
// Both file systems have index.html at their root. Files under assets/ carry a hash of their content in their name and
// never change; all others must be asked for anew each time.
package web

import (
	"embed"
	"io/fs"
)

// Mobile is the customer app, rooted at its index.html.
func Mobile() fs.FS { return mustSub(built, mobileFolder) }

// Console is the staff app, rooted at its index.html.
func Console() fs.FS { return mustSub(built, consoleFolder) }

// mustSub cuts a folder that the compiler has seen: only a malformed name can fail.
func mustSub(files embed.FS, folder string) fs.FS {
	sub, err := fs.Sub(files, folder)
	if err != nil {
		panic("web: " + err.Error())
	}
	return sub
}
