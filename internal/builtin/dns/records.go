package dns

import (
	"net"
	"os"
	"strings"

	"github.com/hobjs/hob/internal/v8"
	"github.com/miekg/dns"
)

// What JavaScript gets of an answer: strings where a record is one name or address, else an object.

func bare(name string) string { return strings.TrimSuffix(name, ".") }

// anyOrder is the order in which resolveAny lists kinds.
var anyOrder = []uint16{dns.TypeA, dns.TypeAAAA, dns.TypeCNAME, dns.TypeMX, dns.TypeNS, dns.TypeTXT, dns.TypeSRV, dns.TypePTR,
	dns.TypeNAPTR, dns.TypeSOA, dns.TypeCAA, dns.TypeTLSA}

// records are the answer's records of the type asked for; with ttl, addresses are objects.
func records(answer *dns.Msg, qtype uint16, ttl bool) (v8.Value, error) {
	var list []v8.Value
	if qtype == dns.TypeANY {
		for _, t := range anyOrder {
			for _, rr := range answer.Answer {
				if rr.Header().Rrtype == t {
					list = append(list, describe(rr, true))
				}
			}
		}
	} else {
		for _, rr := range answer.Answer {
			if rr.Header().Rrtype != qtype {
				continue
			}
			if qtype == dns.TypeSOA {
				return describe(rr, false), nil
			}
			list = append(list, record(rr, ttl))
		}
	}
	if len(list) == 0 {
		return v8.Undefined, errNoData
	}
	return v8.Array(list...), nil
}

func record(rr dns.RR, ttl bool) v8.Value {
	switch r := rr.(type) {
	case *dns.A:
		return address(r.A, r.Hdr.Ttl, ttl)
	case *dns.AAAA:
		return address(r.AAAA, r.Hdr.Ttl, ttl)
	case *dns.NS:
		return v8.String(bare(r.Ns))
	case *dns.PTR:
		return v8.String(bare(r.Ptr))
	case *dns.CNAME:
		return v8.String(bare(r.Target))
	case *dns.TXT:
		return texts(r)
	case *dns.MX, *dns.CAA: // as Node has it: these say what they are here too
		return describe(rr, true)
	}
	return describe(rr, false)
}

func address(ip net.IP, seconds uint32, ttl bool) v8.Value {
	if !ttl {
		return v8.String(ip.String())
	}
	return v8.Object("address", v8.String(ip.String()), "ttl", v8.Int(seconds))
}

// texts are the parts of a TXT record, with the escapes undone that the library puts in.
func texts(r *dns.TXT) v8.Value {
	parts := make([]string, len(r.Txt))
	for i, t := range r.Txt {
		parts[i] = unescape(t)
	}
	return v8.Strings(parts)
}

func unescape(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	b := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b = append(b, s[i])
			continue
		}
		i++
		if d := s[i:]; len(d) >= 3 && isDigit(d[0]) && isDigit(d[1]) && isDigit(d[2]) {
			b = append(b, (d[0]-'0')*100+(d[1]-'0')*10+d[2]-'0')
			i += 2
		} else {
			b = append(b, s[i])
		}
	}
	return string(b)
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// describe is a record as an object; typed adds what it is, for lists of several kinds.
func describe(rr dns.RR, typed bool) v8.Value {
	var f []any
	switch r := rr.(type) {
	case *dns.A:
		f = []any{"address", v8.String(r.A.String()), "ttl", v8.Int(r.Hdr.Ttl)}
	case *dns.AAAA:
		f = []any{"address", v8.String(r.AAAA.String()), "ttl", v8.Int(r.Hdr.Ttl)}
	case *dns.CNAME:
		f = []any{"value", v8.String(bare(r.Target))}
	case *dns.NS:
		f = []any{"value", v8.String(bare(r.Ns))}
	case *dns.PTR:
		f = []any{"value", v8.String(bare(r.Ptr))}
	case *dns.TXT:
		f = []any{"entries", texts(r)}
	case *dns.MX:
		f = []any{"exchange", v8.String(bare(r.Mx)), "priority", v8.Int(r.Preference)}
	case *dns.SRV:
		f = []any{"name", v8.String(bare(r.Target)), "port", v8.Int(r.Port), "priority", v8.Int(r.Priority), "weight", v8.Int(r.Weight)}
	case *dns.NAPTR:
		f = []any{"flags", v8.String(r.Flags), "service", v8.String(r.Service), "regexp", v8.String(unescape(r.Regexp)),
			"replacement", v8.String(bare(r.Replacement)), "order", v8.Int(r.Order), "preference", v8.Int(r.Preference)}
	case *dns.SOA:
		f = []any{"nsname", v8.String(bare(r.Ns)), "hostmaster", v8.String(bare(r.Mbox)), "serial", v8.Int(r.Serial),
			"refresh", v8.Int(r.Refresh), "retry", v8.Int(r.Retry), "expire", v8.Int(r.Expire), "minttl", v8.Int(r.Minttl)}
	case *dns.CAA:
		if typed {
			return v8.Object("critical", v8.Int(r.Flag), "type", v8.String("CAA"), r.Tag, v8.String(unescape(r.Value)))
		}
		f = []any{"critical", v8.Int(r.Flag), r.Tag, v8.String(unescape(r.Value))}
	case *dns.TLSA:
		f = []any{"certUsage", v8.Int(r.Usage), "selector", v8.Int(r.Selector), "match", v8.Int(r.MatchingType),
			"data", v8.String(r.Certificate)} // hexadecimal: JavaScript makes an ArrayBuffer of it
	}
	if typed {
		f = append(f, "type", v8.String(dns.TypeToString[rr.Header().Rrtype]))
	}
	return v8.Object(f...)
}

// hostsNames are the names that the hosts file gives an address.
func hostsNames(address string) []string {
	want := net.ParseIP(address)
	text, err := os.ReadFile("/etc/hosts")
	if want == nil || err != nil {
		return nil
	}
	var names []string
	for line := range strings.Lines(string(text)) {
		line, _, _ = strings.Cut(line, "#")
		if f := strings.Fields(line); len(f) > 1 && want.Equal(net.ParseIP(f[0])) {
			names = append(names, f[1:]...)
		}
	}
	return names
}
