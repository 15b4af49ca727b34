import { type IncomingContent, type Piece, PieceKind } from "./incoming-content.js";
import { joined } from "./memory.js";

/**
 * A part of a form (RFC 7578) while it arrives. Iterated it gives bytes as they come, once; what is left of it is passed over when the
 * next part is asked for.
 */
export interface Part extends AsyncIterable<Uint8Array, void> {
  /** The name of the field. */
  readonly name: string;
  /** The name of the file, as the client wrote it; an empty one is what browsers send for a file that was not chosen. */
  readonly filename: string | undefined;
  /** The part's media type. */
  readonly contentType: string | undefined;
  /** What is left of it, as a whole. The limits of the route hold. */
  bytes(): Promise<Uint8Array>;
  /** What is left of it, as UTF-8 text. */
  text(): Promise<string>;
}

/** The head of a part in the runtime. */
interface Head {
  readonly name: string;
  readonly filename?: string | null;
  readonly contentType?: string | null;
}

/** Reads parts one after the other. */
export class PartReader {
  readonly #content: IncomingContent;
  /** The head of the next part, or the end, where it came in place of a chunk. */
  #next: Piece | undefined;
  #current: ArrivingPart | undefined;

  constructor(content: IncomingContent) {
    this.#content = content;
  }

  async *parts(): AsyncGenerator<Part, void> {
    try {
      for (;;) {
        while (await this.chunk(this.#current));
        const { kind, value } = this.#next ?? (await this.#content.next());
        this.#next = undefined;
        if (kind !== PieceKind.Part) return;
        this.#current = new ArrivingPart(this, value as Head);
        yield this.#current;
      }
    } finally {
      this.#content.close();
    }
  }

  /** The next bytes of a part; `undefined` at its end, and of one that has been passed over. */
  async chunk(part: ArrivingPart | undefined): Promise<Uint8Array | undefined> {
    if (part === undefined || part !== this.#current || this.#next) return undefined;
    const piece = await this.#content.next();
    if (piece.kind === PieceKind.Chunk) return piece.value as Uint8Array;
    this.#next = piece;
    return undefined;
  }
}

class ArrivingPart implements Part {
  readonly name: string;
  readonly filename: string | undefined;
  readonly contentType: string | undefined;
  readonly #reader: PartReader;

  constructor(reader: PartReader, { name, filename, contentType }: Head) {
    this.#reader = reader;
    this.name = name;
    this.filename = filename ?? undefined;
    this.contentType = contentType ?? undefined;
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void> {
    for (let chunk = await this.#reader.chunk(this); chunk; chunk = await this.#reader.chunk(this)) yield chunk;
  }

  async bytes(): Promise<Uint8Array> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of this) chunks.push(chunk);
    return joined(chunks);
  }

  async text(): Promise<string> {
    return new TextDecoder().decode(await this.bytes());
  }
}
