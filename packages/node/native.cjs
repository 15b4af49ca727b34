"use strict";

// The one place that reaches the native module; CommonJS, so that both module systems can load it.
module.exports = require("./sabir.node");
