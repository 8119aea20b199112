module github.com/hobjs/hob

go 1.26.0

require (
	github.com/miekg/dns v1.1.73
	github.com/tommie/v8go v0.34.0
	github.com/tommie/v8go/deps/linux_amd64 v0.0.0-20250515043113-5dcc98077472
	golang.org/x/sys v0.49.0
)

require golang.org/x/net v0.57.0 // indirect
