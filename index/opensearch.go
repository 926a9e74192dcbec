package index

import (
	"context"
	"errors"
)

func openOpenSearch(context.Context, string, Options) (Index, error) {
	return nil, errors.New("index: opensearch: not built in")
}
