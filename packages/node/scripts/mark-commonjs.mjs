// Tells Node that the files in dist/cjs are CommonJS, although the package is not. A package.json of their own is also
// the only place where they look for `#native`.
import { writeFileSync } from "node:fs";

const write = (name, text) => writeFileSync(new URL(`../dist/cjs/${name}`, import.meta.url), `${text}\n`);

write("package.json", '{ "type": "commonjs", "imports": { "#native": "./native.cjs" } }');
write("native.cjs", 'module.exports = require("../../native.cjs");');
