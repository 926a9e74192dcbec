GO      ?= go
DATA    ?= data
LINT    := golangci-lint
LINTVER := v2.7.2
export CGO_ENABLED := 0
export PATH := $(PATH):$(shell $(GO) env GOPATH)/bin

.PHONY: run build test check lint race bench bench-crawl real-forums figures clean

run: build ## crawl the built-in fictional internet and print the ranked candidate list
	bin/schemer demo --data $(DATA)

build: ## leave the static binary at bin/schemer
	$(GO) build -trimpath -o bin/schemer ./cmd/schemer

test: ## every test that needs nothing but Go
	$(GO) test ./...

check: lint ## what every change must pass: formatting, vet, lint, tests
	@test -z "$$(gofmt -l .)" || { gofmt -l .; echo "gofmt -w these files"; exit 1; }
	$(GO) vet ./...
	$(GO) mod verify

lint:
	@command -v $(LINT) >/dev/null || $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINTVER)
	$(LINT) run ./...

race: ## the packages whose goroutines share memory, under the race detector (needs a C compiler)
	CGO_ENABLED=1 $(GO) test -race ./crawler ./evidence/... ./index ./internal/store ./internal/pipeline ./web

bench: ## speed, as ratios in one run
	$(GO) test -run '^$$' -bench . -benchtime 1s ./...

bench-crawl: ## schemer against bare net/http, raw colly and Scrapy on one loopback site of 20,000 pages
	$(GO) test ./crawler -run '^$$' -bench Crawl -benchtime 1x -timeout 60m

real-forums: build ## against WordPress and NodeBB installed from packages
	bash .ci/real-forums

figures: build ## the demo's list held against its truth, and without each source
	bin/schemer demo --data $(DATA) --no-progress >/dev/null
	bin/schemer evaluate seeds/demo/truth.json --data $(DATA) --leave-one-out

clean: ## remove what was built and crawled here
	rm -rf bin data
