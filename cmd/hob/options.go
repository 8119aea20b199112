package main

import "strings"

// kind is what an option's value is.
type kind int

const (
	boolean kind = iota
	text
	list
	number
	engine  // V8's own: handed on
	ignored // neither it nor its negation changes what a program can see
	fixed   // how hob works anyway; its negation is missing
	past    // Node takes it for the sake of old command lines, and does nothing
	missing // Node has it, hob does not yet: saying so is better than to go on without
)

// option is one row of the table.
type option struct {
	name  string // canonical, with two hyphens
	kind  kind
	value bool // whether a value belongs to it: of text, list and number, and of some of the others
	env   bool // allowed in NODE_OPTIONS
}

// table is what the command line may hold, by kind. A name that ends in = takes a value. Names behind "only" are not
// allowed in NODE_OPTIONS.
var table = []struct {
	kind  kind
	names string
	only  string
}{
	{boolean, `
		abort-on-uncaught-exception addons deprecation enable-source-maps entry-url experimental-detect-module
		experimental-global-navigator experimental-import-meta-resolve experimental-print-required-tla
		experimental-vm-modules experimental-websocket extra-info-on-fatal-exception insecure-http-parser
		network-family-autoselection pending-deprecation preserve-symlinks preserve-symlinks-main require-module
		strip-types throw-deprecation trace-deprecation trace-exit trace-uncaught trace-warnings warnings
		zero-fill-buffers`,
		`check completion-bash interactive print version help v8-options`},
	{text, `
		diagnostic-dir= disable-proto= dns-result-order= heapsnapshot-signal= input-type= redirect-warnings= title=
		trace-require-module= unhandled-rejections=`,
		`eval=`},
	{list, `conditions= disable-warning= experimental-loader= import= require=`, `env-file= env-file-if-exists=`},
	{number, `max-http-header-size= network-family-autoselection-attempt-timeout=`, ``},
	{engine, `
		disallow-code-generation-from-strings enable-etw-stack-walking expose-gc interpreted-frames-native-stack jitless
		max-heap-size= max-old-space-size= max-semi-space-size= stack-trace-limit= v8-pool-size=`, ``},
	{ignored, `
		async-context-frame experimental-repl-await experimental-transform-types force-async-hooks-checks
		force-context-aware node-snapshot verify-base-objects`, ``},
	{fixed, `global-search-paths`, ``},
	{past, `
		experimental-abortcontroller experimental-fetch experimental-global-customevent experimental-global-webcrypto
		experimental-json-modules experimental-modules experimental-report experimental-top-level-await
		experimental-wasi-unstable-preview1 experimental-wasm-modules experimental-worker http-parser= napi-modules
		node-memory-debug`, ``},
	{missing, `
		allow-addons allow-child-process allow-fs-read= allow-fs-write= allow-inspector allow-openssl-store allow-wasi
		allow-worker cpu-prof cpu-prof-dir= cpu-prof-interval= cpu-prof-name= debug-arraybuffer-allocations
		disable-sigusr1 disable-wasm-trap-handler enable-fips experimental-addon-modules
		experimental-eventsource experimental-import-text experimental-package-map=
		experimental-quic experimental-shadow-realm experimental-specifier-resolution= experimental-sqlite
		experimental-stream-iter experimental-webstorage force-fips force-node-api-uncaught-exceptions-policy
		frozen-intrinsics heap-prof heap-prof-dir= heap-prof-interval= heap-prof-name= heapsnapshot-near-heap-limit=
		icu-data-dir= inspect inspect-brk inspect-port= inspect-publish-uid= inspect-wait
		localstorage-file= max-old-space-size-percentage= openssl-config= openssl-legacy-provider openssl-shared-config
		perf-basic-prof perf-basic-prof-only-functions perf-prof perf-prof-unwinding-info permission permission-audit
		report-compact report-dir= report-exclude-env report-exclude-network report-filename= report-on-fatalerror
		report-on-signal report-signal= report-uncaught-exception secure-heap= secure-heap-min= snapshot-blob=
		test-coverage-branches= test-coverage-exclude= test-coverage-functions= test-coverage-include=
		test-coverage-lines= test-global-setup= test-isolation= test-name-pattern= test-only test-random-seed=
		test-randomize test-reporter= test-reporter-destination= test-rerun-failures= test-shard= test-skip-pattern=
		tls-cipher-list= tls-keylog= tls-max-v1.2 tls-max-v1.3 tls-min-v1.0 tls-min-v1.1 tls-min-v1.2 tls-min-v1.3
		trace-env trace-env-js-stack trace-env-native-stack trace-event-categories= trace-event-file-pattern=
		trace-promises trace-sigint trace-sync-io trace-tls track-heap-objects use-bundled-ca
		use-env-proxy use-largepages= use-openssl-ca use-system-ca watch watch-kill-signal= watch-path=
		watch-preserve-output`,
		`build-snapshot build-snapshot-config= experimental-config-file= experimental-default-config-file
		experimental-inspector-network-resource experimental-network-inspection experimental-sea-config=
		experimental-storage-inspection experimental-test-coverage experimental-test-module-mocks
		experimental-worker-inspection expose-internals prof-process run= test test-concurrency= test-force-exit
		test-timeout= test-update-snapshots`},
}

// aliases are other names: short ones, and those that an option had before.
var aliases = map[string]string{
	"-e": "--eval", "-p": "--print", "-c": "--check", "-i": "--interactive", "-v": "--version", "-h": "--help",
	"-r": "--require", "-C": "--conditions", "--es-module-specifier-resolution": "--experimental-specifier-resolution",
	"--loader": "--experimental-loader", "--experimental-require-module": "--require-module",
	"--experimental-strip-types": "--strip-types", "--debug-port": "--inspect-port", "--prof-process": "--prof-process",
	"--enable-network-family-autoselection": "--network-family-autoselection", "--report-directory": "--report-dir",
	"--trace-events-enabled": "--trace-event-categories", "--experimental-test-isolation": "--test-isolation",
}

// options is the table by name.
var options = index()

func index() map[string]*option {
	m := map[string]*option{}
	for _, row := range table {
		for i, names := range []string{row.names, row.only} {
			for _, name := range strings.Fields(names) {
				bare, value := strings.CutSuffix(name, "=")
				m["--"+bare] = &option{name: "--" + bare, kind: row.kind, value: value, env: i == 0}
			}
		}
	}
	return m
}

// envFlags is process.allowedNodeEnvironmentFlags.
func envFlags() []string {
	var names []string
	for name, o := range options {
		if !o.env {
			continue
		}
		names = append(names, name)
		if o.kind == boolean || o.kind == ignored {
			names = append(names, "--no-"+strings.TrimPrefix(name, "--"))
		}
	}
	for alias, name := range aliases {
		if o := options[name]; o != nil && o.env {
			names = append(names, alias)
		}
	}
	return names
}
