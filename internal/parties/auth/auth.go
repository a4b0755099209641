// Package auth knows who can sign in, by what factors, and who is signed in.
package auth
