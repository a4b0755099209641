package app

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// pages serves one built app from memory: files under assets/ have their hash in their name and are kept for ever;
// every path that is no file is a place inside the app and gets its index page.
type pages struct {
	files map[string]page
	index string // the page that stands for all places
}

type page struct {
	content, zipped []byte
	kind, tag       string
	forever         bool
}

// smallest is the size in bytes below which compressing a file is not worth it.
const smallest = 512

func newPages(files fs.FS) (*pages, error) {
	p := &pages{files: make(map[string]page), index: "index.html"}
	err := fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		content, err := fs.ReadFile(files, name)
		if err != nil {
			return err
		}
		p.files[name], err = newPage(name, content)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the app's files: %w", err)
	}
	if _, ok := p.files[p.index]; !ok {
		return nil, fmt.Errorf("the app has no %s", p.index)
	}
	return p, nil
}

func newPage(name string, content []byte) (page, error) {
	sum := sha256.Sum256(content)
	p := page{content: content, tag: `"` + hex.EncodeToString(sum[:8]) + `"`, kind: contentType(name), forever: strings.HasPrefix(name, "assets/")}
	if len(content) < smallest || !compressible(p.kind) {
		return p, nil
	}
	var b bytes.Buffer
	z, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return p, err
	}
	if _, err := z.Write(content); err != nil {
		return p, err
	}
	if err := z.Close(); err != nil {
		return p, err
	}
	p.zipped = b.Bytes()
	return p, nil
}

func contentType(name string) string {
	switch path.Ext(name) {
	case ".js", ".mjs":
		return "text/javascript; charset=utf-8"
	case ".webmanifest":
		return "application/manifest+json"
	case ".svg":
		return "image/svg+xml"
	}
	if t := mime.TypeByExtension(path.Ext(name)); t != "" {
		return t
	}
	return "application/octet-stream"
}

func compressible(kind string) bool {
	return strings.HasPrefix(kind, "text/") || strings.Contains(kind, "json") || strings.Contains(kind, "svg")
}

// ServeHTTP serves a file, or the index page for a place inside the app.
func (p *pages) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.WriteHeader(http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	file, ok := p.files[name]
	if !ok {
		if strings.HasPrefix(name, "assets/") || path.Ext(name) != "" {
			http.NotFound(w, r)
			return
		}
		file = p.files[p.index]
	}
	file.serve(w, r)
}

func (p page) serve(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", p.kind)
	h.Set("ETag", p.tag)
	h.Set("Vary", "Accept-Encoding")
	h.Set("Cache-Control", "no-cache")
	if p.forever {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}
	if r.Header.Get("If-None-Match") == p.tag {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	content := p.content
	if p.zipped != nil && strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
		content = p.zipped
		h.Set("Content-Encoding", "gzip")
	}
	h.Set("Content-Length", strconv.Itoa(len(content)))
	if r.Method == http.MethodGet {
		_, _ = w.Write(content) // the peer may be gone
	}
}
