# make run: builds bin/hob and serves examples/hello. make test: every test. make lint: formatters, linters, type check.

GO ?= go
NPM := $(shell command -v npm 2>/dev/null)

V8_INCLUDE := internal/v8/cgo_include.go
# The start-up snapshot is made by a program that links the same builtins, then embedded in bin/hob.
SNAPSHOT := internal/builtin/snapshot/hob.bin

# Code of V8 that nothing calls is left out: 3 MB less to map at a start.
LDFLAGS := '-extldflags=-Wl,--gc-sections'

# Packages that don't link the engine are also tested with the race detector; with V8 in the process it says little.
NO_ENGINE = $(shell $(GO) list -f '{{$$v8 := false}}{{range .Deps}}{{if eq . "github.com/hobjs/hob/internal/v8"}}{{$$v8 = true}}{{end}}{{end}}{{if not $$v8}}{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}{{end}}' ./internal/... | grep -v /internal/v8)

# What biome looks at.
JS := internal/builtin test/js test/apps examples bench/workloads

.PHONY: build run test lint bench bin/hob npm-tools npm-apps
build: bin/hob

$(V8_INCLUDE): go.mod
	$(GO) generate ./internal/v8
	@touch $@

# A copy, as an installation makes one: the kernel keeps what the linker wrote in larger folios and maps them whole, which
# counts 5 MB more as resident.
bin/hob: $(V8_INCLUDE)
	$(GO) run ./internal/builtin/mksnapshot $(SNAPSHOT)
	$(GO) build -ldflags=$(LDFLAGS) -o bin/.linked ./cmd/hob
	@cp bin/.linked bin/hob.new && mv bin/hob.new bin/hob && rm bin/.linked

run: bin/hob
	bin/hob examples/hello/server.js

# Two packages at a time: the tests start servers and measure times.
test: bin/hob
	@$(MAKE) --no-print-directory npm-apps || echo "test: no packages from npm: the tests of test/apps are skipped"
	$(GO) test -race $(NO_ENGINE)
	HOB=$(CURDIR)/bin/hob $(GO) test -p 2 -timeout 20m ./...

lint: $(V8_INCLUDE) npm-tools
	@unformatted=$$(gofmt -l $$(git ls-files '*.go')); test -z "$$unformatted" || { echo "gofmt these: $$unformatted"; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...
ifdef NPM
	tools/node_modules/.bin/biome check --assist-enabled=false --config-path=tools --error-on-warnings $(JS)
	cd tools && node_modules/.bin/tsc --project tsconfig.json
else
	@echo "lint: JavaScript not checked, there is no npm"
endif

# What the tests and linters need from npm, installed as the lockfiles say, anew when they change. The second attempt is
# for a registry that did not answer, and for a home directory that npm can't write its cache to.
NPM_CI = $(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error
npm-tools: $(if $(NPM),tools/node_modules/.package-lock.json)
npm-apps: $(if $(NPM),test/apps/node_modules/.package-lock.json)
%/node_modules/.package-lock.json: %/package-lock.json
	cd $* && { $(NPM_CI) || $(NPM_CI) --cache=$(CURDIR)/bin/.npm; }
	@touch $@

# bench/README.md says what it needs and what it takes.
bench: bin/hob
	$(GO) run ./bench
