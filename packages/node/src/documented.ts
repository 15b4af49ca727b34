import {
  type AsyncApiDocument,
  type DocumentInfo,
  type Documents,
  type OpenApiDocument,
  type OpenApiInfo,
  plainInfo,
  plainOpenApiInfo,
} from "./document.js";
import type { NativeApp } from "./engine.js";
import { plain } from "./json.js";
import { Routes } from "./routes.js";
import { withParts } from "./setup-error.js";

/** Something that has routes, and documents of them. */
export abstract class Documented<Members = unknown> extends Routes<"", Members> {
  protected abstract readonly native: NativeApp;

  /**
   * The OpenAPI document of the application: all of its operations but the WebSockets. Beside the answers that routes declare it has the
   * problems that the runtime answers in their place. It is the same as that of the same application in another language.
   *
   * @throws {SetupError} A field of `info` does not fit.
   */
  openapi(info: OpenApiInfo = {}): OpenApiDocument {
    return JSON.parse(this.openapiText(info)) as OpenApiDocument;
  }

  /**
   * The OpenAPI document as text of JSON, with all digits of the numbers that JavaScript would round.
   *
   * @throws {SetupError} A field of `info` does not fit.
   */
  openapiText(info: OpenApiInfo = {}): string {
    return withParts(() => this.native.openapi(plain(plainOpenApiInfo(info))));
  }

  /**
   * Compares the OpenAPI document with the file at `path`, in a test that tells when it has changed. The file is written where there is none,
   * unless the variable `CI` is set, and where `SABIR_UPDATE_DOCUMENTS` is.
   *
   * @example
   * test("the contract has not changed", () => app.checkOpenApi("openapi.json", { title: "Shop", version: "1.2.0" }));
   * @throws {Error} They differ; the message shows how.
   * @throws {SetupError} A field of `info` does not fit, or the file can be neither read nor written.
   */
  checkOpenApi(path: string, info: OpenApiInfo = {}): void {
    refuse(withParts(() => this.native.checkOpenapi(plain(plainOpenApiInfo(info)), path)));
  }

  /**
   * Compares the AsyncAPI document with the file at `path`, as {@link checkOpenApi} does.
   *
   * @throws {Error} They differ; the message shows how.
   * @throws {SetupError} A field of `info` does not fit, or the file can be neither read nor written.
   */
  checkAsyncApi(path: string, info: DocumentInfo = {}): void {
    refuse(withParts(() => this.native.checkAsyncapi(plain(plainInfo(info)), path)));
  }

  /**
   * Answers requests for the documents of the application, and for a page that shows its OpenAPI document.
   *
   * The documents are made once, at the first request for one, and are of all routes but these, also of those that are added later. The
   * page comes with the package: it needs no network. Handlers have no part in any of it.
   *
   * @example
   * app.documents({ title: "Shop", version: "1.2.0" });
   * @throws {SetupError} A field does not fit, a path is taken, or the application has taken its first request.
   */
  documents(documents: Documents = {}): this {
    withParts(() => this.native.documents(plain(plainOpenApiInfo(documents))));
    return this;
  }

  /**
   * The AsyncAPI 3 document of the application: its sockets, event streams and streams of JSON Lines.
   *
   * A channel has the name of its `operationId`, or one that follows from its path. The document is the same as that of the same
   * application in another language.
   *
   * Integers beyond 2^53, such as bounds, are the nearest `number` in it; {@link asyncapiText} has all of their digits.
   *
   * @throws {SetupError} Something in `info` does not fit, or a URL is none of HTTP.
   */
  asyncapi(info: DocumentInfo = {}): AsyncApiDocument {
    return JSON.parse(this.asyncapiText(info)) as AsyncApiDocument;
  }

  /**
   * The AsyncAPI 3 document of the application as text of JSON, with all digits of its numbers.
   *
   * @example
   * await writeFile("asyncapi.json", app.asyncapiText({ title: "Shop", version: "1.2.0" }));
   * @throws {SetupError} As {@link asyncapi}.
   */
  asyncapiText(info: DocumentInfo = {}): string {
    return withParts(() => this.native.asyncapi(plain(plainInfo(info))));
  }
}

/** Throws how a document differs from its file, where it does. */
function refuse(difference: string | null): void {
  if (difference !== null) throw new Error(difference);
}
