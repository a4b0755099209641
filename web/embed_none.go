//go:build !ui

package web

import "embed"

// Built tells whether the apps are inside this binary.
const Built = false

const (
	mobileFolder  = "unbuilt"
	consoleFolder = "unbuilt"
)

//go:embed unbuilt
var built embed.FS
