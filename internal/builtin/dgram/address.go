package dgram

import (
	"encoding/binary"
	"net"
	"net/netip"
	"strconv"
	"unsafe"

	"github.com/hobjs/hob/internal/v8"
	"golang.org/x/sys/unix"
)

// Addresses: as text, as the kernel has them, and which ones a socket has.

// parse is an address of the socket's family for the kernel. The empty address is any.
func parse(address string, port, family int) (unix.RawSockaddrAny, uint32, error) {
	var any unix.RawSockaddrAny
	if family == 6 {
		sa := (*unix.RawSockaddrInet6)(unsafe.Pointer(&any))
		sa.Family = unix.AF_INET6
		putPort(&sa.Port, port)
		if address != "" {
			ip, err := netip.ParseAddr(address)
			if err != nil {
				return any, 0, unix.EINVAL
			}
			sa.Addr = ip.As16()
			sa.Scope_id = zoneID(ip.Zone())
		}
		return any, unix.SizeofSockaddrInet6, nil
	}
	sa := (*unix.RawSockaddrInet4)(unsafe.Pointer(&any))
	sa.Family = unix.AF_INET
	putPort(&sa.Port, port)
	if address != "" {
		ip, err := netip.ParseAddr(address)
		if err != nil || !ip.Is4() {
			return any, 0, unix.EINVAL
		}
		sa.Addr = ip.As4()
	}
	return any, unix.SizeofSockaddrInet4, nil
}

func putPort(field *uint16, port int) {
	binary.BigEndian.PutUint16((*[2]byte)(unsafe.Pointer(field))[:], uint16(port))
}

func zoneID(zone string) uint32 {
	if zone == "" {
		return 0
	}
	if i, err := net.InterfaceByName(zone); err == nil {
		return uint32(i.Index)
	}
	n, _ := strconv.Atoi(zone)
	return uint32(n)
}

// withZone names the interface of a link-local address.
func withZone(ip netip.Addr, index uint32) netip.Addr {
	if index != 0 && ip.IsLinkLocalUnicast() {
		if i, err := net.InterfaceByIndex(int(index)); err == nil {
			return ip.WithZone(i.Name)
		}
	}
	return ip
}

func textOf(any *unix.RawSockaddrAny) string {
	if any.Addr.Family == unix.AF_INET6 {
		sa := (*unix.RawSockaddrInet6)(unsafe.Pointer(any))
		return withZone(netip.AddrFrom16(sa.Addr), sa.Scope_id).String()
	}
	return netip.AddrFrom4((*unix.RawSockaddrInet4)(unsafe.Pointer(any)).Addr).String()
}

// portOf: the port is at the same place in both families.
func portOf(any *unix.RawSockaddrAny) int {
	sa := (*unix.RawSockaddrInet4)(unsafe.Pointer(any))
	return int(binary.BigEndian.Uint16((*[2]byte)(unsafe.Pointer(&sa.Port))[:]))
}

// address returns [address, family, port] or an error.
func (m *module) address(c *v8.Call, get func(int) (unix.Sockaddr, error)) {
	s := m.get(c)
	if s == nil || s.fd < 0 {
		c.ReturnInt(-int(unix.EBADF))
		return
	}
	sa, err := get(s.fd)
	if err != nil {
		c.ReturnInt(negative(err))
		return
	}
	switch a := sa.(type) {
	case *unix.SockaddrInet4:
		c.Return(v8.Array(v8.String(netip.AddrFrom4(a.Addr).String()), v8.String("IPv4"), v8.Int(a.Port)))
	case *unix.SockaddrInet6:
		ip := withZone(netip.AddrFrom16(a.Addr), a.ZoneId)
		c.Return(v8.Array(v8.String(ip.String()), v8.String("IPv6"), v8.Int(a.Port)))
	default:
		c.ReturnInt(-int(unix.EAFNOSUPPORT))
	}
}
