//go:build ui

package web

import "embed"

// Built tells whether the apps are inside this binary.
const Built = true

const (
	mobileFolder  = "mobile/dist"
	consoleFolder = "console/dist"
)

//go:embed all:mobile/dist all:console/dist
var built embed.FS
