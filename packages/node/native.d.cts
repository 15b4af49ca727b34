import type { Engine } from "./src/engine.js";

declare const engine: Engine;
export = engine;
