'use strict';

// The .env format, for util.parseEnv and process.loadEnvFile. It is read in Go (internal/dotenv), as for --env-file.

const { parseEnv } = native;

/**
 * @param {string} text
 * @returns {Record<string, string>}
 */
function parse(text) {
  const list = parseEnv(text);
  const result = {};
  for (let i = 0; i < list.length; i += 2) result[list[i]] = list[i + 1];
  return result;
}

module.exports = { parse };
