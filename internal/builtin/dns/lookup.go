package dns

import (
	"context"
	"errors"
	"net"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/hobjs/hob/internal/host"
	"github.com/hobjs/hob/internal/loop"
	"github.com/hobjs/hob/internal/v8"
)

// What the system knows of names: hosts file, name service switch, name servers, by Go's resolver, which asks the C
// library where the configuration is beyond it. Results are ordered by RFC 6724, as getaddrinfo's are.

// libuv's numbers for getaddrinfo's errors.
const (
	eaiAgain  = 3001
	eaiNoName = 3008
)

// Hints, with the C library's values.
const (
	aiV4Mapped   = 0x0008
	aiAll        = 0x0010
	aiAddrConfig = 0x0020
)

const (
	orderVerbatim = iota
	orderIPv4First
	orderIPv6First
)

// failure is an error as JavaScript makes an exception of it: by its number.
type failure int

func (f failure) Error() string        { return "getaddrinfo: error " + strconv.Itoa(int(f)) }
func (f failure) ErrorValue() v8.Value { return v8.Int(-int(f)) }

// lookupHost(name, family, hints, order, callback(errno | null, addresses))
func (m *module) lookupHost(c *v8.Call) {
	name, family, hints, order := c.String(0), c.Int(1), c.Int(2), c.Int(3)
	m.rt.Do(c, 4, loop.LaneDNS, func() (v8.Value, error) {
		found, err := lookup(name, family, hints)
		if err != nil {
			return v8.Undefined, err
		}
		if order != orderVerbatim {
			slices.SortStableFunc(found, func(a, b netip.Addr) int {
				first := func(x netip.Addr) int {
					if x.Is4() == (order == orderIPv4First) {
						return 0
					}
					return 1
				}
				return first(a) - first(b)
			})
		}
		list := make([]string, len(found))
		for i, a := range found {
			list[i] = a.String()
		}
		return v8.Strings(list), nil
	})
}

func lookup(name string, family, hints int) ([]netip.Addr, error) {
	if len(name) > 253 {
		return nil, failure(eaiNoName)
	}
	network := "ip"
	switch {
	case family == 4:
		network = "ip4"
	case family == 6:
		network = "ip6"
	}
	r := net.DefaultResolver
	found, err := r.LookupNetIP(context.Background(), network, name)
	if family == 6 && hints&aiV4Mapped != 0 && (err != nil || hints&aiAll != 0) {
		if four, err4 := r.LookupNetIP(context.Background(), "ip4", name); err4 == nil {
			for _, a := range four {
				found = append(found, netip.AddrFrom16(a.As16()))
			}
			return found, nil
		}
	}
	if err != nil {
		return nil, asFailure(err)
	}
	for i := range found {
		found[i] = found[i].Unmap()
	}
	if hints&aiAddrConfig != 0 && family == 0 {
		found = reachable(found)
	}
	if len(found) == 0 {
		return nil, failure(eaiNoName)
	}
	return found, nil
}

// reachable leaves out the family that no interface has an address of, loopback aside.
func reachable(found []netip.Addr) []netip.Addr {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return found
	}
	var has4, has6 bool
	for _, a := range addrs {
		if p, err := netip.ParsePrefix(a.String()); err == nil && !p.Addr().IsLoopback() {
			has4 = has4 || p.Addr().Is4()
			has6 = has6 || p.Addr().Is6()
		}
	}
	if !has4 && !has6 {
		return found
	}
	kept := slices.DeleteFunc(slices.Clone(found), func(a netip.Addr) bool {
		return a.Is4() && !has4 || a.Is6() && !has6 && !a.IsLoopback()
	})
	return kept
}

func asFailure(err error) error {
	var d *net.DNSError
	if errors.As(err, &d) {
		if d.IsNotFound {
			return failure(eaiNoName)
		}
		if d.IsTemporary || d.IsTimeout {
			return failure(eaiAgain)
		}
	}
	return failure(eaiNoName)
}

// lookupService(address, port, callback(errno | null, [hostname, service]))
func (m *module) lookupService(c *v8.Call) {
	address, port := c.String(0), c.Int(1)
	m.rt.Do(c, 2, loop.LaneDNS, func() (v8.Value, error) {
		names, err := net.DefaultResolver.LookupAddr(context.Background(), address)
		if err != nil {
			return v8.Undefined, asFailure(err)
		}
		if len(names) == 0 {
			return v8.Undefined, failure(eaiNoName)
		}
		host := strings.TrimSuffix(names[0], ".")
		return v8.Strings([]string{host, serviceName(port)}), nil
	})
}

var _ host.Valuer = failure(0)
