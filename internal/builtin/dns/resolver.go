package dns

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
	"time"

	"github.com/hobjs/hob/internal/v8"
	"github.com/miekg/dns"
)

// The resolver asks name servers itself, as c-ares does for Node: one goroutine per question, which waits and uses no
// processor. A JavaScript Resolver is a number here; what can be cancelled together hangs on it.

// answerError is a code as c-ares names it: "ENOTFOUND".
type answerError string

func (e answerError) Error() string        { return "dns: " + string(e) }
func (e answerError) ErrorValue() v8.Value { return v8.String(string(e)) }

const (
	errNoData    answerError = "ENODATA"
	errNotFound  answerError = "ENOTFOUND"
	errBadName   answerError = "EBADNAME"
	errBadResp   answerError = "EBADRESP"
	errTimeout   answerError = "ETIMEOUT"
	errRefused   answerError = "ECONNREFUSED"
	errCancelled answerError = "ECANCELLED"
)

var rcodeErrors = map[int]answerError{
	dns.RcodeFormatError: "EFORMERR", dns.RcodeServerFailure: "ESERVFAIL", dns.RcodeNameError: errNotFound,
	dns.RcodeNotImplemented: "ENOTIMP", dns.RcodeRefused: "EREFUSED",
}

// channel is what a Resolver's cancel() ends.
type channel struct {
	ctx    context.Context
	cancel context.CancelFunc
}

func (m *module) channel(id int) *channel {
	ch := m.channels[id]
	if ch == nil {
		ch = &channel{}
		ch.ctx, ch.cancel = context.WithCancel(context.Background())
		m.channels[id] = ch
	}
	return ch
}

// cancel(resolver)
func (m *module) cancel(c *v8.Call) {
	if ch := m.channels[c.Int(0)]; ch != nil {
		delete(m.channels, c.Int(0))
		ch.cancel()
	}
}

// question is one query with its resolver's settings.
type question struct {
	name    string
	qtype   uint16
	servers []string
	timeout time.Duration // of the first try
	max     time.Duration // of any; 0: no limit
	tries   int
	local4  net.IP
	local6  net.IP
}

// query(resolver, name, type, servers, timeout, tries, maxTimeout, local4, local6, ttl, callback(code | null, records)):
// servers is a list of "address:port" separated by commas.
func (m *module) query(c *v8.Call) {
	q := question{
		name: c.String(1), qtype: dns.StringToType[c.String(2)], timeout: time.Duration(c.Int(4)) * time.Millisecond,
		tries: c.Int(5), max: time.Duration(c.Int(6)) * time.Millisecond,
		local4: net.ParseIP(c.String(7)), local6: net.ParseIP(c.String(8)),
	}
	if s := c.String(3); s != "" {
		q.servers = strings.Split(s, ",")
	}
	raw := c.Bool(9)
	ch := m.channel(c.Int(0))
	ctx := ch.ctx
	m.rt.Go(c.Callback(10), func() (v8.Value, error) {
		answer, err := q.ask(ctx)
		if err != nil {
			return v8.Undefined, err
		}
		return records(answer, q.qtype, raw)
	})
}

// ask tries each server, and all of them again with more patience.
func (q *question) ask(ctx context.Context) (*dns.Msg, error) {
	if q.name == "" {
		q.name = "."
	}
	if _, ok := dns.IsDomainName(q.name); !ok || len(q.name) > 254 {
		return nil, errBadName
	}
	if name := strings.TrimSuffix(strings.ToLower(q.name), "."); name == "onion" || strings.HasSuffix(name, ".onion") {
		return nil, errNotFound // RFC 7686: never asked
	}
	if len(q.servers) == 0 {
		return nil, errRefused
	}
	var last error = errTimeout
	timeout := q.timeout
	for try := 0; try < q.tries; try++ {
		for _, server := range q.servers {
			wait := timeout
			if q.max > 0 {
				wait = min(wait, q.max)
			}
			answer, err := q.exchange(ctx, server, "udp", wait)
			if err == nil && answer.Truncated {
				answer, err = q.exchange(ctx, server, "tcp", wait)
			}
			if ctx.Err() != nil {
				return nil, errCancelled
			}
			if err != nil {
				last = err
				continue
			}
			switch answer.Rcode {
			case dns.RcodeSuccess:
				return answer, nil
			case dns.RcodeServerFailure, dns.RcodeNotImplemented, dns.RcodeRefused:
				last = rcodeErrors[answer.Rcode] // another server may know more
				continue
			}
			if e, ok := rcodeErrors[answer.Rcode]; ok {
				return nil, e
			}
			return nil, errBadResp
		}
		timeout *= 2
	}
	return nil, last
}

// exchange sends the question once and waits for its answer. Whatever else arrives is not looked at.
func (q *question) exchange(ctx context.Context, server, network string, wait time.Duration) (*dns.Msg, error) {
	msg := new(dns.Msg)
	msg.SetQuestion(dns.Fqdn(q.name), q.qtype)
	out, err := msg.Pack()
	if err != nil {
		return nil, errBadName
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	conn, err := q.dial(ctx, network, server)
	if err != nil {
		return nil, exchangeError(err)
	}
	defer conn.Close()
	// A cancelled question ends the wait at once.
	stop := context.AfterFunc(ctx, func() { conn.SetDeadline(time.Unix(1, 0)) })
	defer stop()
	if network == "tcp" {
		out = append(binary.BigEndian.AppendUint16(nil, uint16(len(out))), out...)
	}
	if _, err := conn.Write(out); err != nil {
		return nil, exchangeError(err)
	}
	buf := make([]byte, 65535)
	for {
		n := 0
		if network == "tcp" {
			n, err = readFramed(conn, buf)
		} else {
			n, err = conn.Read(buf)
		}
		if err != nil {
			return nil, exchangeError(err)
		}
		if n < 12 || binary.BigEndian.Uint16(buf) != msg.Id {
			continue
		}
		answer := new(dns.Msg)
		if err := answer.Unpack(buf[:n]); err != nil || !complete(answer, buf) {
			return nil, errBadResp
		}
		if len(answer.Question) > 0 && !strings.EqualFold(answer.Question[0].Name, msg.Question[0].Name) {
			continue
		}
		return answer, nil
	}
}

// complete reports whether the message holds as many records as its head says.
func complete(m *dns.Msg, b []byte) bool {
	return m.Truncated || len(m.Question) == int(binary.BigEndian.Uint16(b[4:])) &&
		len(m.Answer) == int(binary.BigEndian.Uint16(b[6:])) && len(m.Ns) == int(binary.BigEndian.Uint16(b[8:])) &&
		len(m.Extra) == int(binary.BigEndian.Uint16(b[10:]))
}

func readFramed(r io.Reader, buf []byte) (int, error) {
	var head [2]byte
	if _, err := io.ReadFull(r, head[:]); err != nil {
		return 0, err
	}
	return io.ReadFull(r, buf[:binary.BigEndian.Uint16(head[:])])
}

func (q *question) dial(ctx context.Context, network, server string) (net.Conn, error) {
	host, _, _ := net.SplitHostPort(server)
	local := q.local4
	if strings.Contains(host, ":") {
		local = q.local6
	}
	var d net.Dialer
	if local != nil {
		if network == "tcp" {
			d.LocalAddr = &net.TCPAddr{IP: local}
		} else {
			d.LocalAddr = &net.UDPAddr{IP: local}
		}
	}
	return d.DialContext(ctx, network, server)
}

func exchangeError(err error) error {
	var timeout net.Error
	switch {
	case errors.As(err, &timeout) && timeout.Timeout(), errors.Is(err, context.DeadlineExceeded):
		return errTimeout
	case errors.Is(err, syscall.ECONNREFUSED):
		return errRefused
	}
	return errRefused
}

// systemServers() → the name servers of the system as "address:port"
func (m *module) systemServers(c *v8.Call) {
	config, err := dns.ClientConfigFromFile("/etc/resolv.conf")
	if err != nil || len(config.Servers) == 0 {
		c.Return(v8.Strings([]string{"127.0.0.1:53"}))
		return
	}
	list := make([]string, len(config.Servers))
	for i, s := range config.Servers {
		list[i] = net.JoinHostPort(s, "53")
	}
	c.Return(v8.Strings(list))
}

// reverseName(address) → the name that an address's names are found under
func (m *module) reverseName(c *v8.Call) {
	name, err := dns.ReverseAddr(c.String(0))
	if err != nil {
		return
	}
	c.ReturnString(strings.TrimSuffix(name, "."))
}

// hostsNames(address) → its names in the hosts file
func (m *module) hostsNames(c *v8.Call) { c.Return(v8.Strings(hostsNames(c.String(0)))) }
