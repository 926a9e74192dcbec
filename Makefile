GO ?= go
BIN := bin/schemer
export CGO_ENABLED := 0

.PHONY: run build test check lint race bench clean

run: build ## crawl the built-in fictional internet and print the ranked list
	$(BIN) demo

build: ## leave the static binary at bin/schemer
	$(GO) build -trimpath -o $(BIN) ./cmd/schemer

test: ## every test that needs nothing but Go
	$(GO) test ./...

clean: ## remove what was built and crawled here
	rm -rf bin data
