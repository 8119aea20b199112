'use strict';

// The graph of ES modules: records, each a module of V8's known by a small number (internal/v8/native_module.cc), and
// what they import. It is loaded in two ways over the same records: at once, for require(), and for import() by reading
// ahead: Go resolves, reads, transpiles and scans on the pool (internal/loader/graph.go), and here is compiled and linked
// what has come. Both go through a graph breadth first, in the order of the source, so its first error is always the same.

const { forgetWalks, resolveESM, walk } = native;
const { moduleLink, moduleRequests, moduleStatus } = engine;
const { codes } = require('shared/errors');
const hooks = require('module/hooks');

const EVALUATING = 3;

class Record {
  constructor(url, kind) {
    this.url = url;
    /** 'module', 'commonjs', 'json', 'builtin', 'wasm' */
    this.kind = kind;
    this.id = -1;
    this.key = url;
    /** what V8 found in the text: specifier, attributes, source phase, line for each import */
    this.requests = undefined;
    this.specifiers = undefined;
    /** where they lead: {url, format}, as far as they are resolved */
    this.found = undefined;
    /** the records they lead to: all when `linked` */
    this.links = undefined;
    this.linked = false;
    /** everything below is linked, too */
    this.complete = false;
    /** what instantiating threw */
    this.failure = undefined;
    /** of builtins: what they export, and the names */
    this.exports = undefined;
    this.names = undefined;
    /** of require(): what was handed out, a facade perhaps */
    this.required = undefined;
    /** own properties of import.meta besides the usual */
    this.meta = undefined;
    /** what `import source` gives */
    this.sourceObject = undefined;
  }
}

// Promises resolve to records: what a program put on Object.prototype, `then` or setters, is none of theirs.
Object.setPrototypeOf(Record.prototype, null);

/** url, NUL, import type -> Record */
const records = new Map();
/** Records by V8's id, for import.meta. */
const byId = [];
/** Records with something below that is not linked yet. */
const unfinished = new Set();
/** requiring: more than 0 while require() loads ES modules, which must not import a CommonJS module that is unfinished. */
const state = { requiring: 0 };

function keyOf(url, type) {
  return type === undefined ? url : `${url}\0${type}`;
}

function conditions(kind = 'import') {
  return require('module/cjs').conditions(kind);
}

function fileOf(url) {
  return url.startsWith('file:') ? require('url').fileURLToPath(url) : url;
}

/** Registers a record with V8's number of its module. */
function finish(record, id) {
  record.id = id;
  byId[id] = record;
  return record;
}

/** @param {string} key @param {Record} record */
function register(key, record) {
  record.key = key;
  records.set(key, record);
  unfinished.add(record);
}

// --- resolution

/** Gives the deprecation warnings that a resolution met: [code, text ...] from `first` on. */
function warn(list, first) {
  for (let i = first; i < list.length; i += 2) {
    const text = list[i + 1];
    require('module/warnings').once(text, () => text, 'DeprecationWarning', list[i]);
  }
}

/** The URLs of specifiers. */
function resolveAll(list, parentURL, ...specifiers) {
  const urls = resolveESM(list, parentURL, ...specifiers);
  if (urls.length === specifiers.length) return urls;
  warn(urls, specifiers.length);
  return urls.slice(0, specifiers.length);
}

/**
 * @param {string} specifier
 * @param {string} parentURL
 * @param {object} [attributes]
 * @param {string[]} [given] conditions other than those in force
 * @returns {{url: string, format?: string | null, importAttributes?: any}}
 */
function resolveFull(specifier, parentURL, attributes = { __proto__: null }, given = undefined) {
  if (!hooks.state.resolve && !hooks.state.thread) {
    const list = Array.isArray(given) ? given.join('\0') : conditions();
    return { url: resolveAll(list, parentURL, specifier)[0] };
  }
  const { conditionList } = require('module/cjs');
  const context = { conditions: conditionList('import'), importAttributes: attributes, parentURL };
  if (!hooks.state.resolve) return require('module/register').ask('resolve', specifier, context);
  return hooks.runResolve(specifier, context, (spec, ctx) => {
    if (hooks.state.thread) return require('module/register').ask('resolve', `${spec}`, ctx);
    const list = Array.isArray(ctx.conditions) ? ctx.conditions.join('\0') : conditions();
    const url = resolveAll(list, ctx.parentURL ?? parentURL, `${spec}`)[0];
    return {
      __proto__: null,
      importAttributes: ctx.importAttributes,
      url,
      format: url.startsWith('node:') ? 'builtin' : require('module/esm_formats').formatOf(url),
    };
  });
}

/** @returns {string} */
function resolve(specifier, parentURL) {
  return resolveFull(specifier, parentURL).url;
}

/** The URL of a specifier that no file system need be asked about. */
function plainURL(specifier) {
  if (hooks.state.thread) return undefined;
  const id = require('module/builtins').builtinId(specifier);
  if (id !== undefined) return `node:${id}`;
  return specifier.startsWith('data:') ? specifier : undefined;
}

/** The URL that a specifier has in the static imports of the module that asks. */
function linkedURL(specifier, parentURL) {
  const parent = records.get(parentURL);
  const i = parent?.linked ? (parent.specifiers?.indexOf(specifier) ?? -1) : -1;
  return i < 0 ? undefined : parent.links[i].url;
}

/**
 * The URL of a module that was loaded but has not run yet, when the specifier looks like it: import() joins what is on the
 * way without asking whether the file is still there.
 */
function waitingURL(specifier, parentURL) {
  if (!/^(?:\.{0,2}\/|file:)/.test(specifier) || !parentURL?.startsWith('file:')) return undefined;
  try {
    const { href } = new URL(specifier, parentURL);
    const record = records.get(href);
    return record !== undefined && moduleStatus(record.id) < EVALUATING ? href : undefined;
  } catch {
    return undefined;
  }
}

// --- records

/**
 * The record of a URL. `ahead`: undefined when its file has not been read yet.
 * @returns {Record | undefined}
 */
function recordOf(url, attributes, parentURL, format, specifier, ahead) {
  const key = keyOf(url, attributes.type);
  const known = records.get(key);
  if (known !== undefined) {
    if (state.requiring > 0 && known.kind === 'commonjs') checkCycle(known.url, specifier, parentURL);
    if (state.requiring > 0 && specifier !== undefined && moduleStatus(known.id) === EVALUATING) {
      throw new codes.ERR_REQUIRE_CYCLE_MODULE(
        `Cannot import Module ${specifier} in a cycle. (from ${fileOf(parentURL)})`,
      );
    }
    return known;
  }
  if (ahead && !hooks.state.load) {
    if (hooks.state.thread ? !answers.has(url) : url.startsWith('file:') && !fetched.has(url)) return undefined;
  }
  const record = require('module/esm_formats').create(url, attributes, parentURL, format);
  if (state.requiring > 0 && record.kind === 'commonjs') checkCycle(url, specifier, parentURL);
  register(key, record);
  return record;
}

function checkCycle(url, specifier, parentURL) {
  const { Module } = require('module/cjs');
  const m = Module._cache[fileOf(url)];
  if (m === undefined || m.loaded) return;
  const from = parentURL === undefined ? '' : ` (from ${fileOf(parentURL)})`;
  throw new codes.ERR_REQUIRE_CYCLE_MODULE(
    `Cannot import CommonJS Module ${specifier ?? fileOf(url)} in a cycle.${from}`,
  );
}

// --- linking

/** One way through a graph. */
class Way {
  constructor(top) {
    this.queue = [top];
    this.seen = new Set(this.queue);
    this.at = 0;
  }
}

/**
 * Goes on linking until everything below is linked, or, `ahead`, until something has not been read.
 * @returns {string[] | undefined} what is missing: specifiers in the record that the way has come to
 */
function advance(way, ahead) {
  const { queue, seen } = way;
  for (; way.at < queue.length; way.at++) {
    const record = queue[way.at];
    if (record.complete) continue;
    if (!record.linked) {
      const missing = link(record, ahead);
      if (missing !== undefined) return missing;
    }
    const { links, requests } = record;
    if (links === undefined) continue;
    for (let i = 0; i < links.length; i++) {
      const to = links[i];
      // What is imported in the source phase does not run, and so needs nothing.
      if (to.complete || requests[i * 4 + 2] || seen.has(to)) continue;
      seen.add(to);
      queue.push(to);
    }
  }
  for (const record of queue) {
    record.complete = true;
    unfinished.delete(record);
  }
  return undefined;
}

/** Links one record to those it imports. @returns {string[] | undefined} what is missing */
function link(record, ahead) {
  if (record.kind !== 'module' && record.kind !== 'wasm') {
    record.linked = true;
    return undefined;
  }
  const requests = (record.requests ??= moduleRequests(record.id));
  if (requests.length === 0) {
    record.linked = true;
    return undefined;
  }
  if (record.specifiers === undefined) {
    record.specifiers = [];
    for (let i = 0; i < requests.length; i += 4) record.specifiers.push(requests[i]);
    record.found = [];
    record.links = [];
  }
  const { found, links, specifiers, url } = record;
  if (!ahead && !hooks.state.resolve && !hooks.state.thread && found.length === 0) {
    for (const to of resolveAll(conditions(), url, ...specifiers)) found.push({ url: to });
  }
  let missing;
  for (let i = links.length; i < specifiers.length; i++) {
    const attributes = requests[i * 4 + 1];
    const specifier = specifiers[i];
    if (missing !== undefined) {
      if (plainURL(specifier) === undefined) missing.push(specifier);
      continue;
    }
    if (found.length === i) {
      if (!ahead || hooks.state.resolve) {
        found.push(resolveFull(specifier, url, attributes));
      } else {
        const plain = plainURL(specifier);
        const to = plain === undefined ? resolvedAhead(specifier, url) : { url: plain };
        if (to !== undefined) found.push(to);
      }
    }
    const at = found[i];
    const to = at && recordOf(at.url, at.importAttributes ?? attributes, url, at.format ?? undefined, specifier, ahead);
    if (!to) {
      missing = [specifier];
      continue;
    }
    if (requests[i * 4 + 2] && to.sourceObject === undefined) throw noSource(to.url);
    links.push(to);
  }
  if (missing !== undefined) return missing;
  moduleLink(
    record.id,
    links.map((to) => to.id),
  );
  record.linked = true;
  return undefined;
}

function noSource(url) {
  return new SyntaxError(`Source phase import object is not defined for module '${url}'`);
}

/** Takes out of the graph what can't be had whole, because the way could not go on: it is loaded anew when asked for. */
function giveUp(way) {
  const broken = new Set([way.queue[way.at]]);
  for (let size = 0; size < broken.size; ) {
    size = broken.size;
    for (const r of unfinished) if (r.links?.some((to) => broken.has(to))) broken.add(r);
  }
  for (const r of broken) {
    unfinished.delete(r);
    if (records.get(r.key) === r) records.delete(r.key);
  }
}

/** Links a record and everything below, now. */
function linkNow(top) {
  if (top.complete) return top;
  const way = new Way(top);
  try {
    advance(way, false);
  } catch (err) {
    giveUp(way);
    throw err;
  }
  return top;
}

/** The record of a URL, read now and not linked yet: the main program. */
function recordNow(url) {
  return recordOf(url, { __proto__: null }, undefined, undefined, undefined, false);
}

/** The record of a URL, loaded and linked with everything below it, now. */
function load(url, attributes, parentURL, format) {
  return linkNow(recordOf(url, attributes, parentURL, format, undefined, false));
}

// --- reading ahead

/** parent URL, NUL, specifier -> [0, parent, specifier, url, error, warnings ...] */
const resolutions = new Map();
/** URL -> [1, url, format, text or bytes, source map, error, error in TypeScript] */
const fetched = new Map();
/** file -> [2, file, names, reexports, targets] of CommonJS modules */
const scans = new Map();
/** URL -> {format, source} that the hooks of module.register have loaded */
const answers = new Map();
/** What has been asked for, as in resolutions. */
const asked = new Set();
/** parent URL, NUL, specifier -> URL of what import() has loaded: where that leads does not change. */
const imported = new Map();
/** How many loads go on. When the last has ended, what was read is dropped. */
let loads = 0;
let newRound = true;
/** What waits for the next batch. */
let arrival;

function deliver(list) {
  if (loads === 0) return;
  for (const item of list) {
    switch (item[0]) {
      case 0:
        resolutions.set(`${item[1]}\0${item[2]}`, item);
        break;
      case 1:
        fetched.set(item[1], item);
        break;
      default:
        scans.set(item[1], item);
    }
  }
  wake();
}

function wake() {
  const waiting = arrival;
  arrival = undefined;
  waiting?.resolve();
}

/** Settles when more has been read. */
function more() {
  arrival ??= Promise.withResolvers();
  return arrival.promise;
}

function resolvedAhead(specifier, parentURL) {
  const item = resolutions.get(`${parentURL}\0${specifier}`);
  if (item === undefined) return undefined;
  if (hooks.state.thread) {
    if (item.error !== undefined) throw item.error.value;
    return item;
  }
  warn(item, 5);
  if (item[4] !== undefined) throw item[4];
  return { url: item[3] };
}

/** Has Go resolve and read what a module imports, and what that imports. */
function ask(parentURL, specifiers, attributesOf) {
  const list = specifiers.filter((s) => !asked.has(`${parentURL}\0${s}`));
  if (list.length === 0) return;
  for (const s of list) asked.add(`${parentURL}\0${s}`);
  if (hooks.state.thread) {
    for (const s of list) askThread(parentURL, s, attributesOf(s));
    return;
  }
  walk(newRound, conditions(), conditions('require'), deliver, parentURL, ...list);
  newRound = false;
}

/** Has the hooks of module.register resolve and load one import. */
async function askThread(parentURL, specifier, attributes) {
  const { send } = require('module/register');
  const conditionList = require('module/cjs').conditionList('import');
  const item = { url: '', format: undefined, importAttributes: undefined, error: undefined };
  try {
    const context = { conditions: conditionList, importAttributes: attributes, parentURL };
    const { url, format, importAttributes } = await send('resolve', specifier, context);
    item.url = url;
    item.format = format;
    item.importAttributes = importAttributes ?? attributes;
    if (!records.has(keyOf(url, item.importAttributes.type)) && !answers.has(url)) {
      const loading = { conditions: conditionList, format, importAttributes: item.importAttributes };
      answers.set(url, await send('load', url, loading));
    }
  } catch (error) {
    item.error = { value: error };
  }
  if (loads === 0) return;
  resolutions.set(`${parentURL}\0${specifier}`, item);
  wake();
}

function forget() {
  resolutions.clear();
  answers.clear();
  fetched.clear();
  scans.clear();
  asked.clear();
}

/** Runs a load that reads ahead. After a failure nothing that was read is believed any more. */
async function reading(work) {
  loads++;
  try {
    return await work();
  } catch (err) {
    forget();
    forgetWalks();
    wake();
    throw err;
  } finally {
    if (--loads === 0) {
      forget();
      newRound = true;
    }
  }
}

async function linkAhead(top) {
  if (top.complete) return top;
  const way = new Way(top);
  try {
    for (;;) {
      const missing = advance(way, true);
      if (missing === undefined) return top;
      const { requests, specifiers, url } = way.queue[way.at];
      ask(url, missing, (s) => requests[specifiers.indexOf(s) * 4 + 1]);
      await more();
    }
  } catch (err) {
    giveUp(way);
    throw err;
  }
}

/** Links a record and everything below without blocking. */
function linkSoon(top) {
  return reading(() => linkAhead(top));
}

/**
 * The record that a specifier leads to, loaded and linked without blocking; `shallow`: not linked.
 * @param {string} specifier
 * @param {string} parentURL
 * @param {{type?: string}} attributes
 * @param {boolean} [shallow]
 */
async function loadSoon(specifier, parentURL, attributes, shallow = false) {
  if (hooks.state.resolve || hooks.state.load) {
    const { url, format, importAttributes } = resolveFull(specifier, parentURL, attributes);
    const record = recordOf(url, importAttributes ?? attributes, parentURL, format ?? undefined, undefined, false);
    return shallow ? record : linkNow(record);
  }
  const plain = plainURL(specifier);
  const from = `${parentURL}\0${specifier}`;
  // Hooks are asked each time.
  const before = hooks.state.thread
    ? undefined
    : (plain ?? imported.get(from) ?? linkedURL(specifier, parentURL) ?? waitingURL(specifier, parentURL));
  const known = before === undefined ? undefined : records.get(keyOf(before, attributes.type));
  if (known?.complete) return known;
  return reading(async () => {
    for (;;) {
      const at = plain === undefined ? resolvedAhead(specifier, parentURL) : { url: plain };
      const record =
        at && recordOf(at.url, at.importAttributes ?? attributes, parentURL, at.format ?? undefined, undefined, true);
      if (record !== undefined) {
        if (shallow) return record;
        await linkAhead(record);
        imported.set(from, at.url);
        return record;
      }
      ask(parentURL, [specifier], () => attributes);
      await more();
    }
  });
}

module.exports = {
  Record,
  answers,
  byId,
  fetched,
  fileOf,
  finish,
  linkNow,
  linkSoon,
  load,
  loadSoon,
  noSource,
  recordNow,
  records,
  register,
  resolve,
  resolveFull,
  scans,
  state,
};
