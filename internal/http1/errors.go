package http1

// ParseError is what Node.js reports for a malformed message: a code and a text.
type ParseError struct{ Code, Reason string }

func (e *ParseError) Error() string { return "Parse Error: " + e.Reason }

// Indexes in Errors.
const (
	errNone = iota
	errInvalidMethod
	errMethodSpace
	errURLStart
	errURLChars
	errURLSchema
	errURLServer
	errURLAt
	errURLPath
	errURLQuery
	errURLFragment
	errURLCRLF
	errProtocol
	errMethodHTTP
	errMethodRTSP
	errMethodICE
	errMajor
	errDot
	errMinor
	errVersion
	errVersionCRLF
	errVersionLF
	errVersionSpace
	errStatusCode
	errStatus
	errStatusCR
	errLFAfterCR
	errSpaceFirst
	errHeaderToken
	errFieldChar
	errLFAfterHeaders
	errValueChar
	errValueLF
	errValueCR
	errValueFold
	errLengthChar
	errLengthEmpty
	errLengthOverflow
	errLengthTwice
	errLengthWithTE
	errTEWithLength
	errTEValue
	errTEEmpty
	errTERequest
	errChunkSize
	errChunkOverflow
	errChunkSizeCR
	errChunkSizeLF
	errChunkDataCR
	errChunkDataLF
	errExt
	errExtName
	errExtNameCR
	errExtValue
	errExtValueCR
	errExtQuoted
	errExtQuotedPair
	errExtQuoteEnd
	errExtOverflow
	errHeaderOverflow
	errClosed
	errEOF
	errPreface
	errNoPreface
)

// Errors by index.
var Errors = [...]ParseError{
	errNone:           {"", ""},
	errInvalidMethod:  {"HPE_INVALID_METHOD", "Invalid method encountered"},
	errMethodSpace:    {"HPE_INVALID_METHOD", "Expected space after method"},
	errURLStart:       {"HPE_INVALID_URL", "Unexpected start char in url"},
	errURLChars:       {"HPE_INVALID_URL", "Invalid characters in url"},
	errURLSchema:      {"HPE_INVALID_URL", "Unexpected char in url schema"},
	errURLServer:      {"HPE_INVALID_URL", "Unexpected char in url server"},
	errURLAt:          {"HPE_INVALID_URL", "Double @ in url"},
	errURLPath:        {"HPE_INVALID_URL", "Invalid char in url path"},
	errURLQuery:       {"HPE_INVALID_URL", "Invalid char in url query"},
	errURLFragment:    {"HPE_INVALID_URL", "Invalid char in url fragment start"},
	errURLCRLF:        {"HPE_INVALID_URL", "Expected CRLF"},
	errProtocol:       {"HPE_INVALID_CONSTANT", "Expected HTTP/, RTSP/ or ICE/"},
	errMethodHTTP:     {"HPE_INVALID_CONSTANT", "Invalid method for HTTP/x.x request"},
	errMethodRTSP:     {"HPE_INVALID_CONSTANT", "Invalid method for RTSP/x.x request"},
	errMethodICE:      {"HPE_INVALID_CONSTANT", "Expected SOURCE method for ICE/x.x request"},
	errMajor:          {"HPE_INVALID_VERSION", "Invalid major version"},
	errDot:            {"HPE_INVALID_VERSION", "Expected dot"},
	errMinor:          {"HPE_INVALID_VERSION", "Invalid minor version"},
	errVersion:        {"HPE_INVALID_VERSION", "Invalid HTTP version"},
	errVersionCRLF:    {"HPE_INVALID_VERSION", "Expected CRLF after version"},
	errVersionLF:      {"HPE_STRICT", "Expected CRLF after version"},
	errVersionSpace:   {"HPE_INVALID_VERSION", "Expected space after version"},
	errStatusCode:     {"HPE_INVALID_STATUS", "Invalid status code"},
	errStatus:         {"HPE_INVALID_STATUS", "Invalid response status"},
	errStatusCR:       {"HPE_CR_EXPECTED", "Missing expected CR after response line"},
	errLFAfterCR:      {"HPE_STRICT", "Expected LF after CR"},
	errSpaceFirst:     {"HPE_UNEXPECTED_SPACE", "Unexpected space after start line"},
	errHeaderToken:    {"HPE_INVALID_HEADER_TOKEN", "Invalid header token"},
	errFieldChar:      {"HPE_INVALID_HEADER_TOKEN", "Invalid header field char"},
	errLFAfterHeaders: {"HPE_STRICT", "Expected LF after headers"},
	errValueChar:      {"HPE_INVALID_HEADER_TOKEN", "Invalid header value char"},
	errValueLF:        {"HPE_LF_EXPECTED", "Missing expected LF after header value"},
	errValueCR:        {"HPE_CR_EXPECTED", "Missing expected CR after header value"},
	errValueFold:      {"HPE_INVALID_HEADER_TOKEN", "Unexpected whitespace after header value"},
	errLengthChar:     {"HPE_INVALID_CONTENT_LENGTH", "Invalid character in Content-Length"},
	errLengthEmpty:    {"HPE_INVALID_CONTENT_LENGTH", "Empty Content-Length"},
	errLengthOverflow: {"HPE_INVALID_CONTENT_LENGTH", "Content-Length overflow"},
	errLengthTwice:    {"HPE_UNEXPECTED_CONTENT_LENGTH", "Duplicate Content-Length"},
	errLengthWithTE:   {"HPE_INVALID_CONTENT_LENGTH", "Content-Length can't be present with Transfer-Encoding"},
	errTEWithLength:   {"HPE_INVALID_TRANSFER_ENCODING", "Transfer-Encoding can't be present with Content-Length"},
	errTEValue:        {"HPE_INVALID_TRANSFER_ENCODING", "Invalid `Transfer-Encoding` header value"},
	errTEEmpty:        {"HPE_INVALID_TRANSFER_ENCODING", "Empty Transfer-Encoding"},
	errTERequest:      {"HPE_INVALID_TRANSFER_ENCODING", "Request has invalid `Transfer-Encoding`"},
	errChunkSize:      {"HPE_INVALID_CHUNK_SIZE", "Invalid character in chunk size"},
	errChunkOverflow:  {"HPE_INVALID_CHUNK_SIZE", "Chunk size overflow"},
	errChunkSizeCR:    {"HPE_CR_EXPECTED", "Missing expected CR after chunk size"},
	errChunkSizeLF:    {"HPE_STRICT", "Expected LF after chunk size"},
	errChunkDataCR:    {"HPE_CR_EXPECTED", "Missing expected CR after chunk data"},
	errChunkDataLF:    {"HPE_STRICT", "Expected LF after chunk data"},
	errExt:            {"HPE_STRICT", "Invalid character in chunk extensions"},
	errExtName:        {"HPE_STRICT", "Invalid character in chunk extensions name"},
	errExtNameCR:      {"HPE_CR_EXPECTED", "Missing expected CR after chunk extension name"},
	errExtValue:       {"HPE_STRICT", "Invalid character in chunk extensions value"},
	errExtValueCR:     {"HPE_CR_EXPECTED", "Missing expected CR after chunk extension value"},
	errExtQuoted:      {"HPE_STRICT", "Invalid character in chunk extensions quoted value"},
	errExtQuotedPair:  {"HPE_STRICT", "Invalid quoted-pair in chunk extensions quoted value"},
	errExtQuoteEnd:    {"HPE_STRICT", "Invalid character in chunk extensions quote value"},
	errExtOverflow:    {"HPE_CHUNK_EXTENSIONS_OVERFLOW", "Chunk extensions overflow"},
	errHeaderOverflow: {"HPE_HEADER_OVERFLOW", "Header overflow"},
	errClosed:         {"HPE_CLOSED_CONNECTION", "Data after `Connection: close`"},
	errEOF:            {"HPE_INVALID_EOF_STATE", "Invalid EOF state"},
	errPreface:        {"HPE_PAUSED_H2_UPGRADE", "Pause on PRI/Upgrade"},
	errNoPreface:      {"HPE_INVALID_VERSION", "Expected HTTP/2 Connection Preface"},
}
