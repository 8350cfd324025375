//go:build tools

// Package program names what go.mod is for.
package program

import _ "github.com/versity/versitygw/cmd/versitygw"
