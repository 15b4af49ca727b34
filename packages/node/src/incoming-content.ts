import type { NativeCalls } from "./engine.js";
import { Problem, type ProblemEntry } from "./problem.js";

/** What a piece of content is. */
export const enum PieceKind {
  End = 0,
  /** Bytes, also of the part that was begun last. */
  Chunk = 1,
  /** The value of a line. */
  Value = 2,
  /** A part begins. */
  Part = 3,
  /** The content is wrong, or breaks off. */
  Problem = 4,
}

/** A piece of content. */
export interface Piece {
  readonly kind: PieceKind;
  readonly value: unknown;
}

const END: Piece = { kind: PieceKind.End, value: undefined };

/** The content of one request while it arrives. A piece is asked for when the handler wants it. */
export class IncomingContent {
  readonly #native: NativeCalls;
  readonly #ticket: number;
  #waiting: { readonly resolve: (piece: Piece) => void; readonly reject: (error: unknown) => void } | undefined;
  #isOver = false;
  #failure: unknown;

  constructor(native: NativeCalls, ticket: number) {
    this.#native = native;
    this.#ticket = ticket;
  }

  /**
   * The next piece.
   *
   * @throws {Problem} The content is not what the route takes, breaks off or goes beyond a limit.
   * @throws {TypeError} Somebody waits for a piece already.
   */
  async next(): Promise<Piece> {
    if (this.#failure !== undefined) throw this.#failure;
    if (this.#isOver) return END;
    if (this.#waiting) throw new TypeError("somebody else reads the content");
    return await new Promise<Piece>((resolve, reject) => {
      this.#waiting = { resolve, reject };
      if (!this.#native.readContent(this.#ticket)) this.end();
    });
  }

  /** A piece has come. */
  deliver(kind: PieceKind, value: unknown): void {
    if (kind === PieceKind.End) this.end();
    else if (kind === PieceKind.Problem) this.fail(problemOf(value as string));
    else this.#take()?.resolve({ kind, value });
  }

  /** Nothing follows. */
  end(): void {
    this.#isOver = true;
    this.#take()?.resolve(END);
  }

  /** Nothing follows, for that reason. */
  fail(reason: unknown): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#failure = reason;
    this.#take()?.reject(reason);
  }

  /** Leaves the rest unread. */
  close(): void {
    if (this.#isOver) return;
    this.#native.closeContent(this.#ticket);
    this.end();
  }

  #take(): { readonly resolve: (piece: Piece) => void; readonly reject: (error: unknown) => void } | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    return waiting;
  }

  /** The content as bytes. */
  stream(): ReadableStream<Uint8Array> {
    return new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          const { kind, value } = await this.next();
          if (kind === PieceKind.End) controller.close();
          else controller.enqueue(value as Uint8Array);
        },
        cancel: () => this.close(),
      },
      { highWaterMark: 0 },
    );
  }

  /** The content as values, to each of which `finish` is done. */
  async *items(finish: ((value: unknown) => unknown) | undefined): AsyncGenerator<unknown, void> {
    try {
      for (let piece = await this.next(); piece.kind !== PieceKind.End; piece = await this.next()) {
        yield finish ? await finish(piece.value) : piece.value;
      }
    } finally {
      this.close();
    }
  }
}

/** The problem that the runtime has found. */
function problemOf(text: string): Problem {
  const { status, type, title, detail, errors, instance: _, request_id: __, ...extensions } = JSON.parse(text) as Found;
  return new Problem(status, {
    type,
    title,
    ...(detail !== undefined && { detail }),
    ...(errors && { errors }),
    ...(Object.keys(extensions).length > 0 && { extensions }),
  });
}

interface Found {
  readonly status: number;
  readonly type: string;
  readonly title: string;
  readonly detail?: string;
  readonly errors?: ProblemEntry[];
  readonly instance?: string;
  readonly request_id?: string;
}
