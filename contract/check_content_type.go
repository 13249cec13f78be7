package contract

import (
	"fmt"
	"mime"
	"slices"
	"strings"
)

// commonTypes are those that a message names. Any other text may be somebody's.
var commonTypes = []string{
	"application/json", "application/problem+json", "application/xml", "application/octet-stream", "application/pdf", "application/zip",
	"text/html", "text/plain", "text/xml", "text/csv",
	"application/vnd.ms-excel", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

var contentTypeDeclared = exchangeCheck{
	CheckInfo: CheckInfo{"content_type_declared", "The answer has one of the content types declared for its status, and a body exactly where one is declared."},
	applies:   func(x *exchange) bool { return x.declared != nil },
	run: func(x *exchange) []violation {
		declared := strings.Join(sortedKeys(x.declared.Content), ", ")
		switch {
		case len(x.declared.Content) == 0 && len(x.body) == 0, x.media != nil:
			return nil
		case len(x.declared.Content) == 0:
			return []violation{{message: fmt.Sprintf("a body of %d bytes, where none is declared", len(x.body))}}
		case len(x.body) == 0 && x.contentType() == "":
			return []violation{{message: "no body, where " + declared + " is declared"}}
		case x.contentType() == "":
			return []violation{{message: "no content type, where " + declared + " is declared"}}
		}
		name, _, err := mime.ParseMediaType(x.contentType())
		if err == nil && !slices.Contains(commonTypes, name) {
			return []violation{{message: "another content type, where " + declared + " is declared", value: name}}
		}
		if err != nil {
			return []violation{{message: "a content type that cannot be read, where " + declared + " is declared"}}
		}
		return []violation{{message: fmt.Sprintf("content type %s, where %s is declared", name, declared)}}
	},
}
