package kainexus

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
)

// An XLSX workbook is a ZIP archive. It begins with the header of a file, and ends with a
// record that says where the list of its files is (PKWARE APPNOTE 4.3.7 and 4.3.16). So the
// two ends tell a workbook that is whole from one that was cut, without unpacking it.
var (
	zipHead = []byte("PK\x03\x04")
	zipEnd  = []byte("PK\x05\x06")
)

const (
	endSize   = 22              // of the last record, without a comment
	tailSize  = endSize + 65535 // with the longest comment
	zip64Mark = 0xFFFFFFFF      // stands for a number that is elsewhere, in archives beyond 4 GiB
)

// The ways in which a workbook is none.
var (
	errNoWorkbook  = errors.New("the answer is no XLSX workbook")
	errCutWorkbook = errors.New("the workbook is cut off")
)

// copyWorkbook copies a workbook. It writes nothing before it is sure that one begins, and
// fails unless one ends.
func copyWorkbook(w io.Writer, r io.Reader) error {
	head := make([]byte, len(zipHead))
	if _, err := io.ReadFull(r, head); err != nil {
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			return errNoWorkbook
		}
		return err
	}
	if !bytes.Equal(head, zipHead) {
		return errNoWorkbook
	}
	end := &tail{}
	n, err := io.Copy(io.MultiWriter(w, end), io.MultiReader(bytes.NewReader(head), r))
	if err != nil {
		return err
	}
	if !isEnd(end.last(), n) {
		return errCutWorkbook
	}
	return nil
}

// isEnd tells whether the last bytes of an archive of a size hold its last record.
func isEnd(last []byte, size int64) bool {
	for at := len(last) - endSize; at >= 0; at-- {
		record := last[at:]
		if !bytes.HasPrefix(record, zipEnd) || int(binary.LittleEndian.Uint16(record[20:])) != len(record)-endSize {
			continue
		}
		length, offset := binary.LittleEndian.Uint32(record[12:]), binary.LittleEndian.Uint32(record[16:])
		if length == zip64Mark || offset == zip64Mark || int64(length)+int64(offset) == size-int64(len(record)) {
			return true
		}
	}
	return false
}

// tail keeps the last bytes that were written to it.
type tail struct{ kept []byte }

func (t *tail) Write(p []byte) (int, error) {
	t.kept = append(t.kept, p[max(0, len(p)-tailSize):]...)
	if len(t.kept) > 4*tailSize { // now and then, for each time moves bytes
		t.kept = append(t.kept[:0], t.last()...)
	}
	return len(p), nil
}

func (t *tail) last() []byte { return t.kept[max(0, len(t.kept)-tailSize):] }
