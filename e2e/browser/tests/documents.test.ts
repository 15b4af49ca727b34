import { describe } from "node:test";

import { testDocuments } from "../support/documents.js";

describe("the page of documents", () => {
  testDocuments("Python", ["sh", "-c", "cd examples/quickstart && exec ../../.venv/bin/python -m sabir run shop:app --port 0"]);
});
