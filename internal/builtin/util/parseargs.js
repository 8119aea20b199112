'use strict';

// util.parseArgs: command line options to values, in two steps. tokenize says what each argument is; the values, and what
// strict mode objects to, follow from the tokens.

const {
  codes: {
    ERR_INVALID_ARG_VALUE,
    ERR_PARSE_ARGS_INVALID_OPTION_VALUE,
    ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL,
    ERR_PARSE_ARGS_UNKNOWN_OPTION,
  },
} = require('shared/errors');
const {
  validateArray,
  validateBoolean,
  validateBooleanArray,
  validateObject,
  validateString,
  validateStringArray,
  validateUnion,
} = require('shared/validators');

const { hasOwn } = Object;

// Options of a user's object only, never of its prototype.
function own(object, name) {
  return hasOwn(object, name) ? object[name] : undefined;
}

// The script's arguments: what follows the file, or the options of the runtime with --eval.
function mainArguments() {
  const { argv, execArgv } = process;
  const script = execArgv.some((arg) => arg === '-e' || arg === '--eval' || arg === '-p' || arg === '--print') ? 1 : 2;
  return argv.slice(script);
}

/** A lone dash is a value, not an option. */
function looksLikeOption(arg) {
  return arg.length > 1 && arg[0] === '-';
}

function nameOfShort(short, options) {
  for (const name of Object.keys(options)) if (own(options[name], 'short') === short) return name;
  return short;
}

function typeOf(name, options) {
  return hasOwn(options, name) ? own(options[name], 'type') : undefined;
}

function optionToken(name, rawName, index, value, inlineValue) {
  return { kind: 'option', name, rawName, index, value, inlineValue };
}

function tokenize(args, options) {
  const tokens = [];
  for (let index = 0; index < args.length; index++) {
    const arg = args[index];
    if (arg === '--') {
      tokens.push({ kind: 'option-terminator', index });
      for (index++; index < args.length; index++) tokens.push({ kind: 'positional', index, value: args[index] });
      break;
    }
    if (typeof arg !== 'string' || !looksLikeOption(arg)) {
      tokens.push({ kind: 'positional', index, value: arg });
      continue;
    }

    if (arg.startsWith('--')) {
      const equals = arg.indexOf('=', 3);
      if (equals !== -1) {
        const name = arg.slice(2, equals);
        tokens.push(optionToken(name, `--${name}`, index, arg.slice(equals + 1), true));
        continue;
      }
      const name = arg.slice(2);
      const takes = typeOf(name, options) === 'string' && index + 1 < args.length;
      tokens.push(
        takes
          ? optionToken(name, arg, index, args[++index], false)
          : optionToken(name, arg, index, undefined, undefined),
      );
      continue;
    }

    // -a, -abc, -fvalue: a group of options ends with the first that takes a value, which the rest is.
    const start = index;
    for (let i = 1; i < arg.length; i++) {
      const name = nameOfShort(arg[i], options);
      const rawName = `-${arg[i]}`;
      if (typeOf(name, options) !== 'string') {
        tokens.push(optionToken(name, rawName, start, undefined, undefined));
      } else if (i + 1 < arg.length) {
        tokens.push(optionToken(name, rawName, start, arg.slice(i + 1), true));
        break;
      } else if (index + 1 < args.length) {
        tokens.push(optionToken(name, rawName, start, args[++index], false));
      } else {
        tokens.push(optionToken(name, rawName, start, undefined, undefined));
      }
    }
  }
  return tokens;
}

function validateOptions(options) {
  for (const name of Object.keys(options)) {
    const option = options[name];
    const path = `options.${name}`;
    validateObject(option, path);
    const type = own(option, 'type');
    validateUnion(type, `${path}.type`, ['string', 'boolean']);
    if (hasOwn(option, 'short')) {
      validateString(option.short, `${path}.short`);
      if (option.short.length !== 1) {
        throw new ERR_INVALID_ARG_VALUE(`${path}.short`, option.short, 'must be a single character');
      }
    }
    const multiple = own(option, 'multiple');
    if (hasOwn(option, 'multiple')) validateBoolean(multiple, `${path}.multiple`);
    const fallback = own(option, 'default');
    if (fallback !== undefined) {
      const where = `${path}.default`;
      if (type === 'string') (multiple ? validateStringArray : validateString)(fallback, where);
      else (multiple ? validateBooleanArray : validateBoolean)(fallback, where);
    }
  }
}

function refuseUnknown(token, options, config) {
  const { name, rawName } = token;
  if (hasOwn(options, name)) return;
  // '--no-x' means x only when that is an option that can be true or false.
  if (config.allowNegative && rawName.startsWith('--no-') && typeOf(name.slice(3), options) === 'boolean') return;
  throw new ERR_PARSE_ARGS_UNKNOWN_OPTION(rawName, config.allowPositionals);
}

function refuseWrongUse(token, options, config) {
  let { name } = token;
  if (config.allowNegative && !hasOwn(options, name) && name.startsWith('no-')) name = name.slice(3);
  const option = options[name];
  const short = own(option, 'short');
  const both = `${short ? `-${short}, ` : ''}--${name}`;
  if (option.type === 'string' && typeof token.value !== 'string') {
    throw new ERR_PARSE_ARGS_INVALID_OPTION_VALUE(`Option '${both} <value>' argument missing`);
  }
  if (option.type === 'boolean' && token.value !== undefined && token.value !== null) {
    throw new ERR_PARSE_ARGS_INVALID_OPTION_VALUE(`Option '${both}' does not take an argument`);
  }
}

// '--host --port 80' more likely lacks a host than has one called '--port'.
function refuseDashedValue(token) {
  if (token.inlineValue || typeof token.value !== 'string' || !looksLikeOption(token.value)) return;
  const { rawName, name } = token;
  const examples = rawName.startsWith('--') ? `'${rawName}=-XYZ'` : `'--${name}=-XYZ' or '${rawName}-XYZ'`;
  throw new ERR_PARSE_ARGS_INVALID_OPTION_VALUE(
    `Option '${rawName}' argument is ambiguous.\nDid you forget to specify the option argument for '${rawName}'?\n` +
      `To specify an option argument starting with a dash use ${examples}.`,
  );
}

function store(token, options, config, values) {
  let { name } = token;
  let { value } = token;
  if (name === '__proto__') return;
  if (config.allowNegative && value === undefined && token.rawName.startsWith('--no-')) {
    token.name = name = name.slice(3);
    value = false;
  }
  value ??= true;
  if (hasOwn(options, name) && own(options[name], 'multiple')) (values[name] ??= []).push(value);
  else values[name] = value;
}

/**
 * @param {Options & {
 *   args?: string[], options?: object, strict?: boolean, allowPositionals?: boolean, allowNegative?: boolean, tokens?: boolean
 * }} [settings]
 */
function parseArgs(settings = { __proto__: null }) {
  const args = own(Object(settings), 'args') ?? mainArguments();
  if (settings === null) throw new TypeError('Cannot convert undefined or null to object');
  const strict = own(settings, 'strict') ?? true;
  const config = {
    strict,
    allowPositionals: own(settings, 'allowPositionals') ?? !strict,
    allowNegative: own(settings, 'allowNegative') ?? false,
    tokens: own(settings, 'tokens') ?? false,
  };
  const options = own(settings, 'options') ?? { __proto__: null };

  validateArray(args, 'args');
  validateBoolean(strict, 'strict');
  validateBoolean(config.allowPositionals, 'allowPositionals');
  validateBoolean(config.tokens, 'tokens');
  validateBoolean(config.allowNegative, 'allowNegative');
  validateObject(options, 'options');
  validateOptions(options);

  const tokens = tokenize(args, options);
  const values = { __proto__: null };
  const positionals = [];
  for (const token of tokens) {
    if (token.kind === 'option') {
      if (strict) {
        refuseUnknown(token, options, config);
        refuseWrongUse(token, options, config);
        refuseDashedValue(token);
      }
      store(token, options, config, values);
    } else if (token.kind === 'positional') {
      if (!config.allowPositionals) throw new ERR_PARSE_ARGS_UNEXPECTED_POSITIONAL(token.value);
      positionals.push(token.value);
    }
  }
  for (const name of Object.keys(options)) {
    const fallback = own(options[name], 'default');
    if (fallback !== undefined && values[name] === undefined && name !== '__proto__') values[name] = fallback;
  }
  const result = { values, positionals };
  if (config.tokens) result.tokens = tokens;
  return result;
}

module.exports = { parseArgs };
