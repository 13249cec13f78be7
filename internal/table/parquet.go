package table

import (
	"io"
	"reflect"

	"github.com/parquet-go/parquet-go"
)

const (
	// rowGroup is how many bytes of values are collected before they are written, packed.
	// Readers take a group into memory, too.
	rowGroup = 16 << 20
	// pages is the memory for what is not packed yet, of all columns together.
	pages = 16 << 20
)

type parquetWriter struct {
	w      *parquet.GenericWriter[any]
	types  []parquetType
	values parquet.Row
	bytes  int
}

// parquetType is how the values of a column are written.
type parquetType struct {
	node  parquet.Node
	value func(text string) parquet.Value
}

var (
	parquetBoolean = parquetType{parquet.Leaf(parquet.BooleanType), func(text string) parquet.Value { return parquet.BooleanValue(text == "true") }}
	parquetInt64   = parquetType{parquet.Int(64), func(text string) parquet.Value { n, _ := asInt64(text); return parquet.Int64Value(n) }}
	parquetDouble  = parquetType{parquet.Leaf(parquet.DoubleType), func(text string) parquet.Value { f, _ := asDouble(text); return parquet.DoubleValue(f) }}
	parquetString  = parquetType{parquet.String(), func(text string) parquet.Value { return parquet.ByteArrayValue([]byte(text)) }}
)

// parquetTypeOf is the narrowest type that keeps all values of a column.
func parquetTypeOf(c *column) parquetType {
	switch kinds := c.holds &^ null; {
	case kinds == boolean:
		return parquetBoolean
	case kinds == number && !c.numbers.notInt64:
		return parquetInt64
	case kinds == number && !c.numbers.notDouble:
		return parquetDouble
	}
	return parquetString
}

func newParquet(w io.Writer, l *layout) *parquetWriter {
	p := &parquetWriter{}
	var root schema
	for i, c := range l.columns {
		p.types = append(p.types, parquetTypeOf(c))
		root.fields = append(root.fields, &schemaField{parquet.Optional(p.types[i].node), c.name})
	}
	page := min(max(pages/len(l.columns), 1<<10), parquet.DefaultPageBufferSize)
	p.w = parquet.NewGenericWriter[any](w, parquet.NewSchema("row", root), parquet.Compression(&parquet.Snappy), parquet.PageBufferSize(page))
	return p
}

func (p *parquetWriter) row(_ int, cells []value) error {
	p.values = p.values[:0]
	for i, v := range cells {
		if v.kind&^null == 0 {
			p.values = append(p.values, parquet.NullValue().Level(0, 0, i))
			continue
		}
		p.values = append(p.values, p.types[i].value(v.text).Level(0, 1, i))
		p.bytes += len(v.text)
	}
	if _, err := p.w.WriteRows([]parquet.Row{p.values}); err != nil {
		return err
	}
	if p.bytes += len(cells); p.bytes < rowGroup {
		return nil
	}
	p.bytes = 0
	return p.w.Flush()
}

func (p *parquetWriter) finish() error { return p.w.Close() }
func (p *parquetWriter) discard()      {}

// schema is a [parquet.Group] whose fields stand in an order of their own, under any name.
type schema struct {
	parquet.Group
	fields []parquet.Field
}

func (s schema) Fields() []parquet.Field { return s.fields }

// GoType is for rows that are Go structs, which these are not.
func (s schema) GoType() reflect.Type { return reflect.TypeFor[struct{}]() }

func (s schema) String() string { return "row" }

type schemaField struct {
	parquet.Node
	name string
}

func (f *schemaField) Name() string                          { return f.name }
func (f *schemaField) Value(reflect.Value) (v reflect.Value) { return v }
