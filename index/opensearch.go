package index

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/opensearch-project/opensearch-go/v4"
	"github.com/opensearch-project/opensearch-go/v4/opensearchapi"

	"schemer"
)

// openSearchIndex is an alias of an OpenSearch cluster, with one index a generation behind it. It is written against
// OpenSearch 2 and 3 and has not been run against a server yet (docs/queries.md).
type openSearchIndex struct {
	client  *opensearchapi.Client
	alias   string
	opt     Options
	limiter limiter
}

// openOpenSearch opens "https://user:password@host:9200/ALIAS"; the alias is "schemer" when the URL names none.
func openOpenSearch(ctx context.Context, raw string, o Options) (Index, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%w: index opensearch: expected opensearch:https://HOST:PORT/ALIAS", schemer.ErrUsage)
	}
	s := &openSearchIndex{alias: strings.Trim(u.Path, "/"), opt: o, limiter: newLimiter(o)}
	if s.alias == "" {
		s.alias = "schemer"
	}
	password, _ := u.User.Password()
	s.client, err = opensearchapi.NewClient(opensearchapi.Config{Client: opensearch.Config{
		Addresses: []string{u.Scheme + "://" + u.Host}, Username: u.User.Username(), Password: password,
	}})
	if err != nil {
		return nil, fmt.Errorf("index: OpenSearch at %s: %w", u.Host, err)
	}
	if _, err := s.Count(ctx); err == nil || !isMissing(err) {
		return s, err
	}
	g, err := s.NewGeneration(ctx)
	if err != nil {
		return nil, err
	}
	return s, g.Activate(ctx)
}

// isMissing tells that the cluster has no such index.
func isMissing(err error) bool {
	var failure *opensearch.StructError
	return errors.As(err, &failure) && failure.Status == http.StatusNotFound
}

func (s *openSearchIndex) Caps() Caps {
	return Caps{Name: "opensearch", MultiWriter: true, Machines: true}
}

func (s *openSearchIndex) Close() error { return nil }

func (s *openSearchIndex) Count(ctx context.Context) (uint64, error) {
	res, err := s.client.Indices.Count(ctx, &opensearchapi.IndicesCountReq{Indices: []string{s.alias}})
	if err != nil {
		return 0, fmt.Errorf("index: count %s: %w", s.alias, err)
	}
	return uint64(max(res.Count, 0)), nil
}

func (s *openSearchIndex) Put(ctx context.Context, docs []Doc) error {
	return s.put(ctx, s.alias, docs)
}

func (s *openSearchIndex) Delete(ctx context.Context, ids []schemer.PostID) error {
	var b bulk
	for _, id := range ids {
		b.add(map[string]any{"delete": map[string]any{"_id": id}}, nil)
	}
	return s.send(ctx, s.alias, &b)
}

func (s *openSearchIndex) put(ctx context.Context, index string, docs []Doc) error {
	var b bulk
	for _, d := range docs {
		r, err := recordOf(d)
		if err != nil {
			return err
		}
		b.add(map[string]any{"index": map[string]any{"_id": r.id}}, r.openSearch())
		if b.n >= batchDocs || b.buf.Len() >= batchBytes {
			if err := s.send(ctx, index, &b); err != nil {
				return err
			}
		}
	}
	return s.send(ctx, index, &b)
}

// bulk collects the lines of a bulk request.
type bulk struct {
	buf bytes.Buffer
	n   int
	err error
}

func (b *bulk) add(action, source any) {
	b.n++
	for _, line := range []any{action, source} {
		if line == nil {
			continue
		}
		raw, err := json.Marshal(line)
		b.err = errors.Join(b.err, err)
		b.buf.Write(append(raw, '\n'))
	}
}

// send carries out a bulk request and empties it. The changes can be found on return.
func (s *openSearchIndex) send(ctx context.Context, index string, b *bulk) error {
	defer func() { *b = bulk{} }()
	if b.n == 0 || b.err != nil {
		return b.err
	}
	res, err := s.client.Bulk(ctx, opensearchapi.BulkReq{Index: index, Body: &b.buf, Params: opensearchapi.BulkParams{Refresh: "true"}})
	if err != nil {
		return fmt.Errorf("index: bulk request of %d changes to %s: %w", b.n, index, err)
	}
	var errs []error
	for _, item := range res.Items {
		for _, r := range item {
			if r.Error != nil {
				errs = append(errs, fmt.Errorf("document %s: %s: %s", r.ID, r.Error.Type, r.Error.Reason))
			}
		}
	}
	if len(errs) > 0 {
		return fmt.Errorf("%w: %d of %d changes to %s failed, the first: %w", schemer.ErrPartial, len(errs), b.n, index, errs[0])
	}
	return nil
}

// openSearchGeneration is an index that the alias does not name yet.
type openSearchGeneration struct {
	owner *openSearchIndex
	name  string
}

func (s *openSearchIndex) NewGeneration(ctx context.Context) (Generation, error) {
	names, err := s.behind(ctx, s.alias+"-*")
	if err != nil {
		return nil, err
	}
	highest := 0
	for _, name := range names {
		if n, err := strconv.Atoi(strings.TrimPrefix(name, s.alias+"-")); err == nil {
			highest = max(highest, n)
		}
	}
	g := &openSearchGeneration{owner: s, name: fmt.Sprintf("%s-%06d", s.alias, highest+1)}
	body, err := json.Marshal(openSearchSettings())
	if err != nil {
		return nil, fmt.Errorf("index: settings: %w", err)
	}
	if _, err := s.client.Indices.Create(ctx, opensearchapi.IndicesCreateReq{Index: g.name, Body: bytes.NewReader(body)}); err != nil {
		return nil, fmt.Errorf("index: create %s: %w", g.name, err)
	}
	return g, nil
}

// behind returns the indexes that an alias or pattern stands for.
func (s *openSearchIndex) behind(ctx context.Context, pattern string) ([]string, error) {
	res, err := s.client.Indices.Get(ctx, opensearchapi.IndicesGetReq{Indices: []string{pattern}})
	if err != nil {
		if isMissing(err) {
			return nil, nil
		}
		return nil, fmt.Errorf("index: look up %s: %w", pattern, err)
	}
	if res.IndicesGetRespData == nil {
		return nil, nil
	}
	return sortedKeys(*res.IndicesGetRespData), nil
}

func (g *openSearchGeneration) Put(ctx context.Context, docs []Doc) error {
	return g.owner.put(ctx, g.name, docs)
}

// Activate moves the alias in one request, which the cluster carries out as a whole, and removes what it named before.
func (g *openSearchGeneration) Activate(ctx context.Context) error {
	s := g.owner
	old, err := s.behind(ctx, s.alias)
	if err != nil {
		return err
	}
	actions := []any{map[string]any{"add": map[string]any{"index": g.name, "alias": s.alias}}}
	for _, name := range old {
		actions = append(actions, map[string]any{"remove": map[string]any{"index": name, "alias": s.alias}})
	}
	body, err := json.Marshal(map[string]any{"actions": actions})
	if err == nil {
		_, err = s.client.Aliases(ctx, opensearchapi.AliasesReq{Body: bytes.NewReader(body)})
	}
	if err != nil {
		return fmt.Errorf("index: move alias %s to %s: %w", s.alias, g.name, err)
	}
	if len(old) == 0 {
		return nil
	}
	if _, err := s.client.Indices.Delete(ctx, opensearchapi.IndicesDeleteReq{Indices: old}); err != nil {
		return fmt.Errorf("index: delete %v: %w", old, err)
	}
	return nil
}

func (g *openSearchGeneration) Drop(ctx context.Context) error {
	if _, err := g.owner.client.Indices.Delete(ctx, opensearchapi.IndicesDeleteReq{Indices: []string{g.name}}); err != nil {
		return fmt.Errorf("index: drop %s: %w", g.name, err)
	}
	return nil
}
