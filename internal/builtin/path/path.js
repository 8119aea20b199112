'use strict';

// node:path. hob runs on POSIX systems only, so the platform's flavour is the POSIX one; path.win32 is there for
// programs that handle Windows paths as data.
module.exports = require('path/posix');
