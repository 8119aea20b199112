'use strict';

// DOMException of Web IDL. Its name, message and code are getters over private fields; `stack` is an own property as
// errors have it. Everything that throws one gets it from here.

const codesByName = {
  __proto__: null,
  IndexSizeError: 1,
  HierarchyRequestError: 3,
  WrongDocumentError: 4,
  InvalidCharacterError: 5,
  NoModificationAllowedError: 7,
  NotFoundError: 8,
  NotSupportedError: 9,
  InUseAttributeError: 10,
  InvalidStateError: 11,
  SyntaxError: 12,
  InvalidModificationError: 13,
  NamespaceError: 14,
  InvalidAccessError: 15,
  TypeMismatchError: 17,
  SecurityError: 18,
  NetworkError: 19,
  AbortError: 20,
  URLMismatchError: 21,
  QuotaExceededError: 22,
  TimeoutError: 23,
  InvalidNodeTypeError: 24,
  DataCloneError: 25,
};

const constants = [
  'INDEX_SIZE_ERR',
  'DOMSTRING_SIZE_ERR',
  'HIERARCHY_REQUEST_ERR',
  'WRONG_DOCUMENT_ERR',
  'INVALID_CHARACTER_ERR',
  'NO_DATA_ALLOWED_ERR',
  'NO_MODIFICATION_ALLOWED_ERR',
  'NOT_FOUND_ERR',
  'NOT_SUPPORTED_ERR',
  'INUSE_ATTRIBUTE_ERR',
  'INVALID_STATE_ERR',
  'SYNTAX_ERR',
  'INVALID_MODIFICATION_ERR',
  'NAMESPACE_ERR',
  'INVALID_ACCESS_ERR',
  'VALIDATION_ERR',
  'TYPE_MISMATCH_ERR',
  'SECURITY_ERR',
  'NETWORK_ERR',
  'ABORT_ERR',
  'URL_MISMATCH_ERR',
  'QUOTA_EXCEEDED_ERR',
  'TIMEOUT_ERR',
  'INVALID_NODE_TYPE_ERR',
  'DATA_CLONE_ERR',
];

/** Lets State put its private fields on an object that exists. */
class Given {
  constructor(object) {
    return object;
  }
}

/** Name and message of a DOMException, which is a true Error: only Error's constructor makes those. */
class State extends Given {
  #message;
  #name;

  constructor(error, message, name) {
    super(error);
    this.#message = message;
    this.#name = name;
  }

  static has(value) {
    return typeof value === 'object' && value !== null && #name in value;
  }

  static nameOf(value) {
    if (!State.has(value)) throw invalidThis();
    return value.#name;
  }

  static messageOf(value) {
    if (!State.has(value)) throw invalidThis();
    return /** @type {State} */ (value).#message;
  }
}

class DOMException {
  /**
   * @param {string} [message]
   * @param {string | { name?: string, cause?: any }} [options] name, or an object with name and cause
   */
  constructor(message = '', options = 'Error') {
    const error = Reflect.construct(Error, [], new.target);
    let name = options;
    if (options !== null && typeof options === 'object') {
      name = options.name === undefined ? 'Error' : options.name;
      if ('cause' in options) {
        Object.defineProperty(error, 'cause', {
          __proto__: null,
          value: options.cause,
          configurable: true,
          writable: true,
          enumerable: false,
        });
      }
    }
    return /** @type {any} */ (new State(error, `${message}`, `${name}`));
  }

  get name() {
    return State.nameOf(this);
  }

  get message() {
    return State.messageOf(this);
  }

  get code() {
    return codesByName[State.nameOf(this)] ?? 0;
  }
}

function invalidThis() {
  const { codes } = require('shared/errors');
  return new codes.ERR_INVALID_THIS('DOMException');
}

Object.setPrototypeOf(DOMException.prototype, Error.prototype);
Object.defineProperties(DOMException.prototype, {
  [Symbol.toStringTag]: { __proto__: null, configurable: true, value: 'DOMException' },
  name: { __proto__: null, enumerable: true },
  message: { __proto__: null, enumerable: true },
  code: { __proto__: null, enumerable: true },
});
for (let i = 0; i < constants.length; i++) {
  const description = { __proto__: null, enumerable: true, value: i + 1 };
  Object.defineProperty(DOMException, constants[i], description);
  Object.defineProperty(DOMException.prototype, constants[i], description);
}

module.exports = { DOMException, isDOMException: State.has };
