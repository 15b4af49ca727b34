// Tells Node that the files in dist/cjs are CommonJS, although the package is not.
import { writeFileSync } from "node:fs";

writeFileSync(new URL("../dist/cjs/package.json", import.meta.url), '{ "type": "commonjs" }\n');
