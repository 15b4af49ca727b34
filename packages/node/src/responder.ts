import { asBytes, BYTES_TYPE, encode, fieldsOf, JSON_TYPE, problemWith, TEXT_TYPE, withPrepared } from "./encode.js";
import type { Engine, NativeCalls } from "./engine.js";
import { stringify } from "./json.js";
import { KIND } from "./kind.js";
import type { Prepared } from "./prepared.js";
import type { Problem } from "./problem.js";
import { problemOf } from "./reply.js";
import { Response } from "./response.js";
import type { FileAccess } from "./upload.js";
import { fieldsOfResponse } from "./web-response.js";

/** The platform's class. */
const WebResponse = globalThis.Response;

/** Answers calls with what is there as a whole. */
export class Responder {
  /** Set by the application, which is made with a function of its calls. */
  native!: NativeCalls;
  readonly #engine: Engine;
  readonly #files: FileAccess;

  constructor(engine: Engine, files: FileAccess) {
    this.#engine = engine;
    this.#files = files;
  }

  /**
   * Answers the call with this ticket.
   *
   * @param status That of the route.
   * @throws The answer cannot be sent.
   */
  answer(status: number | undefined, ticket: number, result: unknown): void {
    const { native } = this;
    if (typeof result === "string") native.answerText(ticket, status ?? 200, result);
    else if (result === undefined) native.answer(ticket, status ?? 204, [], undefined);
    else if (typeof result !== "object" || result === null) native.answerJson(ticket, status ?? 200, stringify(result));
    else if (KIND in result) this.#answerKind(status, ticket, result as Problem | Response, undefined);
    else if (result instanceof WebResponse) native.answer(ticket, result.status, fieldsOfResponse(result), undefined);
    else {
      const bytes = asBytes(result);
      if (bytes) native.answer(ticket, status ?? 200, ["content-type", BYTES_TYPE], bytes);
      else native.answerJson(ticket, status ?? 200, stringify(result));
    }
  }

  /** The same with what the handler has said of its answer before. */
  answerPrepared(status: number | undefined, ticket: number, result: unknown, prepared: Prepared): void {
    if (result instanceof WebResponse) {
      this.native.answer(ticket, result.status, withPrepared(fieldsOfResponse(result), prepared, this.#engine), undefined);
      return;
    }
    let answer: Problem | Response;
    if (typeof result === "object" && result !== null && KIND in result) answer = result as typeof answer;
    else answer = result === null ? Response.json(null) : new Response(result);
    this.#answerKind(prepared.status ?? status, ticket, answer, prepared);
  }

  #answerKind(status: number | undefined, ticket: number, result: Problem | Response, prepared: Prepared | undefined): void {
    const { native } = this;
    if (result[KIND] === "response") this.#respond(ticket, status, result, prepared);
    else native.answerProblem(ticket, prepared ? problemWith(result, prepared, this.#engine) : result.data());
  }

  #respond(ticket: number, status: number | undefined, response: Response, prepared: Prepared | undefined): void {
    const { native } = this;
    const { options } = response;
    if (response.format === "file") {
      const path = response.content as string | URL;
      const fields = fieldsOf(response, undefined, prepared, this.#engine);
      native.answerFile(
        ticket,
        options.status ?? status ?? 200,
        fields,
        typeof path === "string" ? path : this.#files.pathOf(path),
      );
      return;
    }
    if (response.format === "problem") {
      native.answerProblem(ticket, problemOf(response));
      return;
    }
    const { body, mediaType } = encode(response);
    const code = options.status ?? status ?? (body === undefined ? 204 : 200);
    const isPlain =
      !prepared && options.headers === undefined && options.cookies === undefined && options.mediaType === undefined;
    if (isPlain && typeof body === "string" && mediaType === JSON_TYPE) native.answerJson(ticket, code, body);
    else if (isPlain && typeof body === "string" && mediaType === TEXT_TYPE) native.answerText(ticket, code, body);
    else native.answer(ticket, code, fieldsOf(response, mediaType, prepared, this.#engine), body);
  }
}
