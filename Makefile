# make run: builds bin/hob and serves examples/hello. make test: every test. make lint: formatters, linters, type check.

GO ?= go
V8_INCLUDE := internal/v8/cgo_include.go

.PHONY: build run test lint
build: bin/hob

$(V8_INCLUDE): go.mod
	$(GO) generate ./internal/v8
	@touch $@

# The start-up snapshot is made by a program that links the same builtins, then embedded in bin/hob.
SNAPSHOT := internal/builtin/snapshot/hob.bin

.PHONY: bin/hob
bin/hob: $(V8_INCLUDE)
	$(GO) run ./internal/builtin/mksnapshot $(SNAPSHOT)
	$(GO) build -o bin/hob ./cmd/hob
