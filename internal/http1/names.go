package http1

// Methods by index: those of http.METHODS, then the ones that only RTSP and HTTP/2's preface use.
var Methods = [...]string{
	"DELETE", "GET", "HEAD", "POST", "PUT", "CONNECT", "OPTIONS", "TRACE", "COPY", "LOCK", "MKCOL", "MOVE", "PROPFIND",
	"PROPPATCH", "SEARCH", "UNLOCK", "BIND", "REBIND", "UNBIND", "ACL", "REPORT", "MKACTIVITY", "CHECKOUT", "MERGE",
	"M-SEARCH", "NOTIFY", "SUBSCRIBE", "UNSUBSCRIBE", "PATCH", "PURGE", "MKCALENDAR", "LINK", "UNLINK", "SOURCE", "QUERY",
	"PRI", "DESCRIBE", "ANNOUNCE", "SETUP", "PLAY", "PAUSE", "TEARDOWN", "GET_PARAMETER", "SET_PARAMETER", "REDIRECT",
	"RECORD", "FLUSH",
}

const (
	methodGet     = 1
	methodHead    = 2
	methodPost    = 3
	methodPut     = 4
	methodConnect = 5
	methodOptions = 6
	methodSource  = 33
	methodPri     = 35 // the first that HTTP/1 does not know
)

// Names are the header names with an id of their own: the index. 0 is every other name.
var Names = [...]string{
	"", "host", "connection", "content-length", "transfer-encoding", "upgrade", "proxy-connection", "expect",
	"user-agent", "accept", "accept-encoding", "accept-language", "cookie", "content-type", "authorization", "referer",
	"origin", "cache-control", "if-none-match", "if-modified-since", "x-forwarded-for", "x-forwarded-proto",
	"x-forwarded-host", "range", "date", "via", "x-requested-with", "keep-alive", "content-encoding", "etag",
	"last-modified", "server", "set-cookie", "location", "vary", "pragma", "te", "trailer", "sec-websocket-key",
	"sec-websocket-version", "sec-websocket-extensions", "sec-websocket-protocol", "upgrade-insecure-requests",
	"sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest", "sec-fetch-user", "sec-ch-ua", "sec-ch-ua-mobile",
	"sec-ch-ua-platform", "dnt", "x-real-ip", "x-request-id", "forwarded", "if-match", "if-unmodified-since",
	"access-control-request-method", "access-control-request-headers", "priority", "content-disposition",
}

const (
	idHost            = 1
	idConnection      = 2
	idLength          = 3
	idTransfer        = 4
	idUpgrade         = 5
	idProxyConnection = 6
	idExpect          = 7
)

const hashSize = 512

var (
	tokenChar [256]bool
	nameHash  [hashSize]uint8
	hashMul   uint32
)

func hashName(b []byte, mul uint32) uint32 {
	n := len(b)
	h := uint32(n)*0x9e3779b1 ^ uint32(b[0]|0x20)<<16 ^ uint32(b[n-1]|0x20)<<8 ^ uint32(b[n>>1]|0x20) ^ uint32(b[max(n-3, 0)]|0x20)<<23
	return h * mul >> 23
}

func init() {
	for c := 'a'; c <= 'z'; c++ {
		tokenChar[c], tokenChar[c-32] = true, true
	}
	for _, c := range "0123456789!#$%&'*+-.^_`|~" {
		tokenChar[c] = true
	}
search: // a multiplier that sends every known name to a place of its own: found once, at start
	for hashMul = 0x9e3779b1; ; hashMul += 0x6b43a9b6 {
		nameHash = [hashSize]uint8{}
		for i := 1; i < len(Names); i++ {
			h := hashName([]byte(Names[i]), hashMul)
			if nameHash[h] != 0 {
				continue search
			}
			nameHash[h] = uint8(i)
		}
		return
	}
}

func nameID(b []byte) int32 {
	id := nameHash[hashName(b, hashMul)]
	k := Names[id]
	if len(k) != len(b) {
		return 0
	}
	for i := 0; i < len(k); i++ {
		c := b[i]
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		if c != k[i] {
			return 0
		}
	}
	return int32(id)
}

// method finds the method at b's start. n is its length; code is an error at byte n; n < 0: not enough bytes yet.
func method(b []byte) (m, n, code int) {
	if len(b) >= 5 {
		switch string(b[:4]) {
		case "GET ":
			return methodGet, 3, 0
		case "PUT ":
			return methodPut, 3, 0
		case "POST":
			if b[4] == ' ' {
				return methodPost, 4, 0
			}
		case "HEAD":
			if b[4] == ' ' {
				return methodHead, 4, 0
			}
		}
	}
	whole := -1 // the method that b[:n] is
	for n = 0; ; n++ {
		if n == len(b) {
			return 0, -1, 0
		}
		if b[n] == ' ' && whole >= 0 {
			return whole, n, 0
		}
		prefix, now := false, -1
		for i, s := range Methods {
			if len(s) > n && s[n] == b[n] && s[:n] == string(b[:n]) {
				prefix = true
				if len(s) == n+1 {
					now = i
				}
			}
		}
		if !prefix {
			if whole >= 0 {
				return 0, n, errMethodSpace
			}
			return 0, n, errInvalidMethod
		}
		whole = now
	}
}
