package dgram

import (
	"net/netip"

	"github.com/hobjs/hob/internal/v8"
	"golang.org/x/sys/unix"
)

// Options of sockets: time to live, broadcast, multicast.

// setOption(id, name, value) → 0
func (m *module) setOption(c *v8.Call) {
	s := m.get(c)
	if s == nil || s.fd < 0 {
		c.ReturnInt(-int(unix.EBADF))
		return
	}
	value := c.Int(2)
	six := s.family == 6
	var err error
	switch c.String(1) {
	case "broadcast":
		err = unix.SetsockoptInt(s.fd, unix.SOL_SOCKET, unix.SO_BROADCAST, value)
	case "ttl":
		if value < 1 || value > 255 {
			err = unix.EINVAL
		} else if six {
			err = unix.SetsockoptInt(s.fd, unix.IPPROTO_IPV6, unix.IPV6_UNICAST_HOPS, value)
		} else {
			err = unix.SetsockoptInt(s.fd, unix.IPPROTO_IP, unix.IP_TTL, value)
		}
	case "multicastTTL":
		if six {
			err = unix.SetsockoptInt(s.fd, unix.IPPROTO_IPV6, unix.IPV6_MULTICAST_HOPS, value)
		} else {
			err = unix.SetsockoptInt(s.fd, unix.IPPROTO_IP, unix.IP_MULTICAST_TTL, value)
		}
	case "multicastLoopback":
		if six {
			err = unix.SetsockoptInt(s.fd, unix.IPPROTO_IPV6, unix.IPV6_MULTICAST_LOOP, value)
		} else {
			err = unix.SetsockoptInt(s.fd, unix.IPPROTO_IP, unix.IP_MULTICAST_LOOP, value)
		}
	default:
		err = unix.EINVAL
	}
	c.ReturnInt(negative(err))
}

// setInterface(id, address) → 0
func (m *module) setInterface(c *v8.Call) {
	s := m.get(c)
	if s == nil || s.fd < 0 {
		c.ReturnInt(-int(unix.EBADF))
		return
	}
	ip, err := netip.ParseAddr(c.String(1))
	switch {
	case err != nil:
		err = unix.EINVAL
	case s.family == 6 && !ip.Is4():
		err = unix.SetsockoptInt(s.fd, unix.IPPROTO_IPV6, unix.IPV6_MULTICAST_IF, int(zoneID(ip.Zone())))
	case s.family == 4 && ip.Is4():
		err = unix.SetsockoptInet4Addr(s.fd, unix.IPPROTO_IP, unix.IP_MULTICAST_IF, ip.As4())
	default:
		err = unix.EINVAL
	}
	c.ReturnInt(negative(err))
}

// ready is a socket that can join groups: with a port of its own.
func (m *module) ready(c *v8.Call) (*socket, error) {
	s := m.get(c)
	if s == nil {
		return nil, unix.EBADF
	}
	return s, s.bindAny()
}

// setMembership(id, group, interface, join) → 0
func (m *module) setMembership(c *v8.Call) {
	group, err := netip.ParseAddr(c.String(1))
	if err != nil {
		c.ReturnInt(-int(unix.EINVAL))
		return
	}
	s, err := m.ready(c)
	if err != nil {
		c.ReturnInt(negative(err))
		return
	}
	from, join := c.String(2), c.Bool(3)
	if group.Is4() {
		request := unix.IPMreq{Multiaddr: group.As4()}
		if from != "" {
			ip, err := netip.ParseAddr(from)
			if err != nil || !ip.Is4() {
				c.ReturnInt(-int(unix.EINVAL))
				return
			}
			request.Interface = ip.As4()
		}
		option := unix.IP_DROP_MEMBERSHIP
		if join {
			option = unix.IP_ADD_MEMBERSHIP
		}
		c.ReturnInt(negative(unix.SetsockoptIPMreq(s.fd, unix.IPPROTO_IP, option, &request)))
		return
	}
	request := unix.IPv6Mreq{Multiaddr: group.As16()}
	if from != "" {
		ip, err := netip.ParseAddr(from)
		if err != nil || ip.Is4() {
			c.ReturnInt(-int(unix.EINVAL))
			return
		}
		request.Interface = zoneID(ip.Zone())
	}
	option := unix.IPV6_LEAVE_GROUP
	if join {
		option = unix.IPV6_JOIN_GROUP
	}
	c.ReturnInt(negative(unix.SetsockoptIPv6Mreq(s.fd, unix.IPPROTO_IPV6, option, &request)))
}

// setSourceMembership(id, source, group, interface, join) → 0
func (m *module) setSourceMembership(c *v8.Call) {
	source, err1 := netip.ParseAddr(c.String(1))
	group, err2 := netip.ParseAddr(c.String(2))
	if err1 != nil || err2 != nil || source.Is4() != group.Is4() {
		c.ReturnInt(-int(unix.EINVAL))
		return
	}
	s, err := m.ready(c)
	if err != nil {
		c.ReturnInt(negative(err))
		return
	}
	from, join := c.String(3), c.Bool(4)
	var request []byte
	level, option := unix.IPPROTO_IP, unix.IP_DROP_SOURCE_MEMBERSHIP
	if join {
		option = unix.IP_ADD_SOURCE_MEMBERSHIP
	}
	if !group.Is4() {
		c.ReturnInt(-int(unix.ENOPROTOOPT))
		return
	}
	// struct ip_mreq_source: group, interface, source.
	g, src := group.As4(), source.As4()
	var local [4]byte
	if from != "" {
		ip, err := netip.ParseAddr(from)
		if err != nil || !ip.Is4() {
			c.ReturnInt(-int(unix.EINVAL))
			return
		}
		local = ip.As4()
	}
	request = append(append(append(request, g[:]...), local[:]...), src[:]...)
	c.ReturnInt(negative(unix.SetsockoptString(s.fd, level, option, string(request))))
}
