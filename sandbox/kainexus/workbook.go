package kainexus

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"net/http"

	"github.com/xuri/excelize/v2"
)

const (
	workbookType = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

	// maxUpload bounds an uploaded workbook, and maxUnzipped what it unpacks to.
	maxUpload   = 10 << 20
	maxUnzipped = 64 << 20
)

// sheet is a sheet to be written, a row at a time.
type sheet struct {
	name string
	rows [][]any
}

// answerWorkbook answers with a workbook. It is complete before the first byte leaves.
func answerWorkbook(w http.ResponseWriter, filename string, sheets []sheet) {
	content, err := encodeWorkbook(sheets)
	if err != nil {
		refuse(w, err)
		return
	}
	w.Header().Set("Content-Type", workbookType)
	w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", filename))
	_, _ = content.WriteTo(w) // the client may have gone
}

func encodeWorkbook(sheets []sheet) (_ *bytes.Buffer, err error) {
	book := excelize.NewFile().SetZipWriter(newArchive)
	defer func() { _ = book.Close() }()
	for i, s := range sheets {
		if i == 0 {
			err = book.SetSheetName(book.GetSheetName(0), s.name)
		} else {
			_, err = book.NewSheet(s.name)
		}
		if err != nil {
			return nil, err
		}
		if err := writeRows(book, s); err != nil {
			return nil, err
		}
	}
	return book.WriteToBuffer()
}

// newArchive compresses all parts of a workbook with one compressor. There are a dozen
// small ones, and making compressors would take longer than all else.
func newArchive(w io.Writer) excelize.ZipWriter {
	archive := zip.NewWriter(w)
	var deflate *flate.Writer
	archive.RegisterCompressor(zip.Deflate, func(part io.Writer) (io.WriteCloser, error) {
		if deflate == nil {
			var err error
			deflate, err = flate.NewWriter(part, flate.DefaultCompression)
			return deflate, err
		}
		deflate.Reset(part) // the part before is closed by now
		return deflate, nil
	})
	return archive
}

func writeRows(book *excelize.File, s sheet) error {
	writer, err := book.NewStreamWriter(s.name)
	if err != nil {
		return err
	}
	for i, row := range s.rows {
		if err := writer.SetRow(fmt.Sprintf("A%d", i+1), row); err != nil {
			return err
		}
	}
	return writer.Flush()
}

// openWorkbook reads an uploaded workbook, within bounds.
//
// Choice(import-size): A workbook of at most 10 MiB is taken, which unpacks to at most
// 64 MiB.
func openWorkbook(content []byte) (book *excelize.File, err error) {
	// The reader is meant for files of good will.
	defer func() {
		if recover() != nil {
			book, err = nil, bad(invalidWorkbook, "the file is not a workbook")
		}
	}()
	book, err = excelize.OpenReader(bytes.NewReader(content), excelize.Options{
		RawCellValue:      true,
		UnzipSizeLimit:    maxUnzipped,
		UnzipXMLSizeLimit: maxUnzipped, // nothing goes to disk
	})
	if err != nil {
		return nil, bad(invalidWorkbook, "the file is not a workbook, or unpacks to more than %d bytes", maxUnzipped)
	}
	return book, nil
}

// readUpload reads the workbook out of a multipart form.
func readUpload(w http.ResponseWriter, r *http.Request) ([]byte, error) {
	r.Body = http.MaxBytesReader(w, r.Body, maxUpload)
	form, err := r.MultipartReader()
	if err != nil {
		return nil, bad(invalidBody, "the body must be multipart/form-data")
	}
	var content []byte
	for {
		part, err := form.NextPart()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, bad(invalidBody, "the form broke off, or is larger than %d bytes", maxUpload)
		}
		if part.FormName() != "file" {
			continue
		}
		if content != nil {
			return nil, bad(invalidBody, "there are two parts named file")
		}
		if content, err = io.ReadAll(part); err != nil {
			return nil, bad(invalidBody, "the form broke off, or is larger than %d bytes", maxUpload)
		}
	}
	if content == nil {
		return nil, bad(invalidBody, "there is no part named file")
	}
	return content, nil
}
