# make alone prints what there is. run and test need nothing but Go.

.DEFAULT_GOAL := help
SHELL := /bin/sh
GO ?= go

# The race detector needs a C compiler. Without one the tests run all the same; CI insists
# on it with RACE=-race.
RACE ?= $(shell [ "$$($(GO) env CGO_ENABLED)" = 1 ] && command -v $$($(GO) env CC) >/dev/null 2>&1 && echo -race)

.PHONY: help
help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: ## verify both APIs against the sandbox that comes along
	@$(GO) run ./cmd/kaikina verify

.PHONY: test
test: ## run all tests, with the race detector where there is a C compiler
	@[ -n "$(RACE)" ] || echo "no C compiler found: the tests run without the race detector"
	$(GO) test $(RACE) ./...
	@# Some tests take less under the race detector, which is slow. Here they take all.
	$(GO) test ./contract/schema
	cd otel && $(GO) test $(RACE) ./...
	@# The race detector empties pools at random, and bench counts what is allocated.
	cd bench && $(GO) test ./...

.PHONY: test-browser
test-browser: ## try the sandbox's reference page in Chromium, with pictures in artifacts/ (needs Chromium)
	$(GO) test -tags browser -count=1 -run '^TestInABrowser$$' ./sandbox/reference

.PHONY: generate
generate: ## generate the clients and the sandbox's servers from api/*.yaml
	$(GO) generate ./...

.PHONY: check
check: ## fail unless generated code is up to date, and go.mod, formatting and static analysis are clean
	./.ci/check

.PHONY: lint-spec
lint-spec: ## lint api/*.yaml with Redocly and Spectral (needs Node.js with npm)
	./.ci/lint-spec

.PHONY: check-reference
check-reference: ## compare the embedded Swagger UI with the package it is from (needs Node.js with npm)
	./.ci/check-reference

.PHONY: soak
soak: ## read and write 100,000 records of each sandbox, while one call in five goes wrong
	$(GO) run ./internal/soak

.PHONY: langs
langs: ## generate, compile and run a client in every other language (needs their toolchains; make langs-python for one)
	$(GO) run ./internal/langs

.PHONY: langs-go langs-java langs-python langs-rust langs-typescript
langs-go langs-java langs-python langs-rust langs-typescript: langs-%:
	$(GO) run ./internal/langs $*

.PHONY: bench
bench: ## run the benchmarks
	$(GO) test -run '^$$' -bench . -benchmem ./...
	cd bench && $(GO) run .
