package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// bodyInput is the body to validate. Reading it ends when its context does, even where the
// system waits for bytes that do not come.
type bodyInput struct {
	name string
	// size is 0 when it is not known.
	size     int64
	read     int64
	from     *bufio.Reader
	source   io.Reader
	progress *progress
	shown    throttle
}

// openBody opens a file, or standard input where there is no name.
func openBody(ctx context.Context, file string, stdin io.Reader, stderr io.Writer) (*bodyInput, error) {
	in := &bodyInput{name: "stdin", source: stdin, progress: newProgress(stderr)}
	if file != "" {
		f, err := open(ctx, file)
		if err != nil {
			return nil, err
		}
		in.name, in.source = file, f
		if info, err := f.Stat(); err == nil && info.Mode().IsRegular() {
			in.size = info.Size()
		}
	} else if terminal, ok := stdin.(io.Writer); ok && isTerminal(terminal) {
		fmt.Fprintln(stderr, "kaikina: reading the body from the terminal; Ctrl-D ends it, and FILE behind the operation reads a file")
	}
	in.from = bufio.NewReader(newAhead(ctx, in.source))
	if err := in.refuseEncoded(); err != nil {
		in.close()
		return nil, err
	}
	return in, nil
}

// open opens a file. To open a pipe that nobody writes to takes forever.
func open(ctx context.Context, name string) (*os.File, error) {
	type opened struct {
		file *os.File
		err  error
	}
	done := make(chan opened, 1)
	go func() {
		file, err := os.Open(name)
		done <- opened{file, err}
	}()
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case o := <-done:
		return o.file, o.err
	}
}

func (in *bodyInput) close() {
	if file, ok := in.source.(*os.File); ok && file != os.Stdin {
		_ = file.Close() // it was only read
	}
}

// encodings are how bodies begin that are JSON only once they are decoded.
var encodings = []struct{ magic, what, way string }{
	{"\x1f\x8b", "compressed with gzip", "decompress it first, as with gzip -dc"},
	{"\x28\xb5\x2f\xfd", "compressed with zstd", "decompress it first, as with zstd -dc"},
	{"\xfd7zXZ\x00", "compressed with xz", "decompress it first, as with xz -dc"},
	{"BZh", "compressed with bzip2", "decompress it first, as with bzip2 -dc"},
	{"PK\x03\x04", "a zip file, such as a workbook", "only JSON can be validated"},
	{"\xff\xfe", "UTF-16", "JSON is UTF-8: convert it first, as with iconv -f UTF-16 -t UTF-8"},
	{"\xfe\xff", "UTF-16", "JSON is UTF-8: convert it first, as with iconv -f UTF-16 -t UTF-8"},
	{"\xef\xbb\xbf", "UTF-8 with a byte order mark", "JSON has none: remove its first three bytes, as with tail -c +4"},
}

// refuseEncoded looks at the first bytes. An error of reading is left to who reads.
func (in *bodyInput) refuseEncoded() error {
	head, err := in.from.Peek(6)
	if err != nil && !errors.Is(err, io.EOF) && len(head) == 0 {
		return in.failed(err)
	}
	for _, e := range encodings {
		if bytes.HasPrefix(head, []byte(e.magic)) {
			return fmt.Errorf("%s is %s: %s", in.name, e.what, e.way)
		}
	}
	return nil
}

// failed names what could not be read.
func (in *bodyInput) failed(err error) error {
	in.progress.clear()
	if known, ok := errors.AsType[*fs.PathError](err); ok {
		err = known.Err // which has the name too
	}
	return fmt.Errorf("read %s: %w", in.name, err)
}

// Read implements io.Reader.
func (in *bodyInput) Read(p []byte) (int, error) {
	n, err := in.from.Read(p)
	in.read += int64(n)
	if in.progress.w != nil && in.shown.due() {
		fmt.Fprintf(in.progress.w, "\r\x1b[K%s read", in.amount())
	}
	return n, err
}

func (in *bodyInput) amount() string {
	if in.size > 0 {
		return fmt.Sprintf("%s of %s", megabytes(in.read), megabytes(in.size))
	}
	return megabytes(in.read)
}

func megabytes(bytes int64) string { return fmt.Sprintf("%.1f MB", float64(bytes)/1e6) }

// ahead reads a stream on a goroutine, a little ahead of who wants it, so that a context can
// end the wait for a stream that stands still.
type ahead struct {
	ctx    context.Context
	filled chan piece
	free   chan []byte
	now    piece
	rest   []byte
}

type piece struct {
	buffer []byte
	n      int
	err    error
}

const (
	aheadPieces = 4
	aheadSize   = 64 << 10
)

func newAhead(ctx context.Context, from io.Reader) *ahead {
	a := &ahead{ctx: ctx, filled: make(chan piece), free: make(chan []byte, aheadPieces)}
	for range aheadPieces {
		a.free <- make([]byte, aheadSize)
	}
	go a.run(from)
	return a
}

// run ends with the stream or the context. One that waits in a read ends with the process.
func (a *ahead) run(from io.Reader) {
	for {
		var p piece
		select {
		case <-a.ctx.Done():
			return
		case p.buffer = <-a.free:
		}
		p.n, p.err = from.Read(p.buffer)
		select {
		case <-a.ctx.Done():
			return
		case a.filled <- p:
		}
		if p.err != nil {
			return
		}
	}
}

// Read implements io.Reader.
func (a *ahead) Read(p []byte) (int, error) {
	if err := a.ctx.Err(); err != nil {
		return 0, err
	}
	for len(a.rest) == 0 {
		if a.now.err != nil {
			return 0, a.now.err
		}
		if a.now.buffer != nil {
			a.free <- a.now.buffer
		}
		select {
		case <-a.ctx.Done():
			return 0, a.ctx.Err()
		case a.now = <-a.filled:
			a.rest = a.now.buffer[:a.now.n]
		}
	}
	n := copy(p, a.rest)
	a.rest = a.rest[n:]
	return n, nil
}
