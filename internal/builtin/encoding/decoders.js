'use strict';

// The stream half of TextDecoder: what is cut in the middle of a character waits for the next chunk. A decoder holds
// a few bytes at most and no native object, so nothing has to be freed.

const { icuDecode, isAscii, latin1Slice, swap16, ucs2Slice, utf8Slice, utf8SliceFatal } = engine;

const none = new Uint8Array(0);

/** `kept` and then `bytes`. */
function joined(kept, bytes) {
  if (kept.length === 0) return bytes;
  const all = new Uint8Array(kept.length + bytes.length);
  all.set(kept);
  all.set(bytes, kept.length);
  return all;
}

// Of a character that begins with `byte`; 0 when none does.
function lengthUtf8(byte) {
  if (byte < 0x80) return 1;
  if (byte < 0xc2 || byte > 0xf4) return 0;
  return byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
}

/** How many bytes at the end begin a UTF-8 character that is not complete but may become one. */
function unfinishedUtf8(b) {
  const end = b.length;
  for (let back = 1; back <= 3 && back <= end; back++) {
    const byte = b[end - back];
    if ((byte & 0xc0) === 0x80) continue;
    if (back >= lengthUtf8(byte)) return 0;
    if (back > 1) {
      // Some second bytes can't follow some first ones: overlong forms, surrogates, beyond U+10FFFF.
      const second = b[end - back + 1];
      if (
        (byte === 0xe0 && second < 0xa0) ||
        (byte === 0xed && second > 0x9f) ||
        (byte === 0xf0 && second < 0x90) ||
        (byte === 0xf4 && second > 0x8f)
      )
        return 0;
    }
    return back;
  }
  return 0;
}

// Each decoder: decode(bytes, fatal, flush) gives the text, or undefined when malformed bytes are fatal.

class Utf8Decoder {
  kept = none;
  unicode = true;

  decode(bytes, fatal, flush) {
    bytes = joined(this.kept, bytes);
    const end = flush ? bytes.length : bytes.length - unfinishedUtf8(bytes);
    this.kept = end === bytes.length ? none : bytes.slice(end);
    return fatal ? utf8SliceFatal(bytes, 0, end) : utf8Slice(bytes, 0, end);
  }
}

class Utf16Decoder {
  kept = none;
  unicode = true;

  constructor(bigEndian) {
    this.bigEndian = bigEndian;
  }

  decode(bytes, fatal, flush) {
    bytes = joined(this.kept, bytes);
    let end = bytes.length & ~1;
    const odd = end !== bytes.length;
    if (!flush && end > 0) {
      // The first half of a pair waits, too.
      const high = bytes[this.bigEndian ? end - 2 : end - 1];
      if (high >= 0xd8 && high < 0xdc) end -= 2;
    }
    this.kept = flush || end === bytes.length ? none : bytes.slice(end);
    if (this.bigEndian) {
      bytes = bytes.slice(0, end);
      swap16(bytes);
    }
    const text = ucs2Slice(bytes, 0, end);
    if (text === undefined) return undefined;
    if (fatal) return (flush && odd) || !text.isWellFormed() ? undefined : text;
    return flush && odd ? `${text.toWellFormed()}\ufffd` : text.toWellFormed();
  }
}

class UserDefinedDecoder {
  unicode = false;

  decode(bytes) {
    return latin1Slice(bytes, 0, bytes.length).replace(/[\x80-\xff]/g, (c) =>
      String.fromCharCode(0xf700 + c.charCodeAt(0)),
    );
  }
}

class Windows1252Decoder {
  unicode = false;

  decode(bytes) {
    const text = latin1Slice(bytes, 0, bytes.length);
    // Only 0x80 to 0x9f differ from latin1.
    return isAscii(bytes) || !/[\x80-\x9f]/.test(text) ? text : icuDecode('windows-1252', bytes, false);
  }
}

const left = new Uint32Array(1);
const icuNames = { gbk: 'gb18030', __proto__: null };

class IcuDecoder {
  kept = none;
  unicode = false;

  constructor(encoding) {
    this.name = icuNames[encoding] ?? encoding;
  }

  decode(bytes, fatal, flush) {
    bytes = joined(this.kept, bytes);
    const text = icuDecode(this.name, bytes, fatal, flush, left);
    this.kept = flush || left[0] === 0 ? none : bytes.slice(bytes.length - left[0]);
    return text ?? undefined;
  }
}

// ISO-2022-JP switches character sets by escape sequences: the last one is put in front of every further chunk.
class Iso2022JpDecoder extends IcuDecoder {
  mode = none;

  decode(bytes, fatal, flush) {
    const all = joined(this.kept, bytes);
    this.kept = none;
    if (all.length === 0) return '';
    // What begins with an escape sequence needs none; two in a row would count as an error.
    const text = super.decode(all[0] === 0x1b ? all : joined(this.mode, all), fatal, flush);
    if (flush) {
      this.mode = none;
    } else {
      const escape = all.lastIndexOf(0x1b, all.length - this.kept.length - 3);
      if (escape !== -1 && all.length - this.kept.length - escape >= 3) this.mode = all.slice(escape, escape + 3);
    }
    return text;
  }
}

/** @param {string} encoding a WHATWG name */
function newDecoder(encoding) {
  switch (encoding) {
    case 'utf-8':
      return new Utf8Decoder();
    case 'utf-16le':
      return new Utf16Decoder(false);
    case 'utf-16be':
      return new Utf16Decoder(true);
    case 'windows-1252':
      return new Windows1252Decoder();
    case 'x-user-defined':
      return new UserDefinedDecoder();
    case 'iso-2022-jp':
      return new Iso2022JpDecoder(encoding);
  }
  return new IcuDecoder(encoding);
}

module.exports = { newDecoder };
