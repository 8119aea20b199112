'use strict';

// process.features, config, release data: what this build can do.

function define(process) {
  const features = {};
  const values = {
    inspector: false,
    debug: false,
    uv: true,
    ipv6: true,
    tls_alpn: true,
    tls_sni: true,
    tls_ocsp: true,
    tls: true,
    cached_builtins: true,
    openssl_is_boringssl: false,
    require_module: undefined,
    typescript: 'transform',
    quic: false,
  };
  for (const [key, value] of Object.entries(values)) {
    const get =
      key === 'require_module' ? () => require('process/options').flag('--require-module') !== false : () => value;
    Object.defineProperty(features, key, { __proto__: null, get, enumerable: true, configurable: false });
  }
  Object.defineProperty(process, 'features', {
    __proto__: null,
    value: features,
    enumerable: true,
    writable: false,
    configurable: false,
  });
  const config = {
    target_defaults: { cflags: [], default_configuration: 'Release', defines: [], include_dirs: [], libraries: [] },
    variables: {
      asan: 0,
      coverage: false,
      dcheck_always_on: 0,
      debug_nghttp2: false,
      debug_node: false,
      enable_lto: false,
      host_arch: 'x64',
      is_debug: 0,
      napi_build_version: '10',
      node_builtin_shareable_builtins: [],
      node_module_version: 137,
      node_no_browser_globals: false,
      node_prefix: '/usr/local',
      node_release_urlbase: '',
      node_shared: false,
      node_use_openssl: true,
      node_use_amaro: true,
      openssl_is_fips: false,
      shlib_suffix: 'so.137',
      single_executable_application: false,
      target_arch: 'x64',
      v8_enable_i18n_support: 1,
      v8_enable_inspector: 0,
      v8_enable_webassembly: 1,
      v8_use_siphash: 1,
    },
  };
  Object.defineProperty(process, 'config', {
    __proto__: null,
    value: freeze(config),
    enumerable: true,
    writable: true,
    configurable: true,
  });
  let flags;
  Object.defineProperty(process, 'allowedNodeEnvironmentFlags', {
    __proto__: null,
    get() {
      return (flags ??= require('process/env_flags').makeSet());
    },
    set(v) {
      flags = v;
    },
    enumerable: true,
    configurable: true,
  });
  let report;
  Object.defineProperty(process, 'report', {
    __proto__: null,
    get() {
      return (report ??= require('process/report'));
    },
    enumerable: true,
    configurable: true,
  });
}

function freeze(o) {
  for (const v of Object.values(o)) if (typeof v === 'object' && v !== null) freeze(v);
  return Object.freeze(o);
}

module.exports = { define };
