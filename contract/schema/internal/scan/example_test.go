package scan_test

import (
	"fmt"
	"strings"

	"github.com/kaikina/kaikina/contract/schema/internal/scan"
)

func Example() {
	s := scan.New(strings.NewReader(`{"id": 7, "tags": ["a\tb", {"x": 1}]}`))
	for {
		kind, err := s.Next()
		if err != nil {
			fmt.Println(err)
			return
		}
		if kind == 0 {
			return
		}
		fmt.Printf("%2d %s %s\n", s.Offset(), strings.Repeat("  ", s.Depth()), s.Raw())
		if s.Name() && string(s.Text()) == "tags" {
			if err := s.Skip(); err != nil {
				fmt.Println(err)
				return
			}
		}
	}
	// Output:
	//  0    {
	//  1    "id"
	//  7    7
	// 10    "tags"
	// 36  }
}

func ExampleScanner_defects() {
	s := scan.New(strings.NewReader(`{"id": 7, "id": "\ud800"}`))
	s.Defect = func(d scan.Defect) error {
		fmt.Printf("at byte %d the body %s\n", d.Offset, d)
		return nil
	}
	for {
		kind, err := s.Next()
		if err != nil || kind == 0 {
			fmt.Println(err)
			return
		}
	}
	// Output:
	// at byte 10 the body has a name twice in one object
	// at byte 16 the body has a string with half of a surrogate pair
	// <nil>
}

func ExampleScanner_Mark() {
	s := scan.New(strings.NewReader(`[{"id": 1}, {"id": 2}]`))
	for {
		kind, err := s.Next()
		if err != nil || kind == 0 {
			return
		}
		if kind != '{' {
			continue
		}
		s.Mark()
		if err := s.Skip(); err != nil {
			return
		}
		element, err := s.Marked()
		fmt.Printf("%s %v\n", element, err)
	}
	// Output:
	// {"id": 1} <nil>
	// {"id": 2} <nil>
}
