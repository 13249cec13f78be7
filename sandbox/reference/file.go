package reference

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

// file is something that is served as it is.
type file struct {
	contentType string
	content     []byte
	// gzipped says that the content is compressed.
	gzipped bool
}

// serve answers with the file. Browsers keep it, and ask each time whether it is still the
// same: another version of the sandbox may have the same address tomorrow.
func (f file) serve(w http.ResponseWriter, r *http.Request) {
	header := w.Header()
	if f.gzipped {
		header.Set("Vary", "Accept-Encoding")
		if acceptsGzip(r) {
			header.Set("Content-Encoding", "gzip")
		} else {
			plain, err := unzip(f.content)
			if err != nil {
				http.Error(w, "the file cannot be unpacked", http.StatusInternalServerError)
				return
			}
			f.content = plain
		}
	}
	header.Set("Content-Type", f.contentType)
	header.Set("Cache-Control", "no-cache")
	header.Set("ETag", fmt.Sprintf(`"%x"`, sha256.Sum256(f.content)))
	http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(f.content))
}

// acceptsGzip tells whether the client named gzip and did not weigh it as nothing.
func acceptsGzip(r *http.Request) bool {
	for coding := range strings.SplitSeq(strings.Join(r.Header.Values("Accept-Encoding"), ","), ",") {
		name, weight, _ := strings.Cut(coding, ";")
		if strings.EqualFold(strings.TrimSpace(name), "gzip") {
			_, q, _ := strings.Cut(weight, "=")
			return strings.Trim(q, " 0.") != "" || strings.TrimSpace(q) == ""
		}
	}
	return false
}

func unzip(content []byte) ([]byte, error) {
	reader, err := gzip.NewReader(bytes.NewReader(content))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(reader)
}
