import type { NativeFile } from "./engine.js";
import { share } from "./kind.js";

/** Reads and copies files that lie on disk; the edge has none. */
export interface FileAccess {
  read(path: string): Promise<Uint8Array>;
  copy(from: string, to: string): Promise<void>;
  write(path: string, content: Uint8Array): Promise<void>;
  /**
   * The path that a URL stands for.
   *
   * @throws {TypeError} It is none of a file.
   */
  pathOf(url: URL): string;
}

/**
 * A file that arrived in a `multipart/form-data` body (RFC 7578).
 *
 * Small files are in memory, larger ones on disk (setting `fileMemoryLimit`) for as long as this object is reachable.
 */
export class UploadFile {
  readonly #native: NativeFile;
  readonly #files: FileAccess;
  #content: Uint8Array | undefined;

  /** @internal */
  constructor(native: NativeFile, files: FileAccess) {
    this.#native = native;
    this.#files = files;
  }

  /** @internal */
  get [Symbol.toStringTag](): "UploadFile" {
    return "UploadFile";
  }

  /** The name that the client gave, without directories. Do not use it as a path of yours. */
  get filename(): string | undefined {
    return this.#native.filename ?? undefined;
  }

  /** The media type that the client claims. */
  get contentType(): string | undefined {
    return this.#native.contentType ?? undefined;
  }

  /** The length in bytes. */
  get size(): number {
    return this.#native.size;
  }

  /** The whole content. That of a file in memory is not copied: it is the same array each time. */
  async bytes(): Promise<Uint8Array> {
    const path = this.#native.path;
    if (path !== null) return await this.#files.read(path);
    return (this.#content ??= this.#native.content() ?? new Uint8Array());
  }

  /** The whole content as UTF-8 text. */
  async text(): Promise<string> {
    return new TextDecoder().decode(await this.bytes());
  }

  /** Writes the content to `path`, replacing what is there. */
  async save(path: string): Promise<void> {
    const from = this.#native.path;
    if (from === null) await this.#files.write(path, await this.bytes());
    else await this.#files.copy(from, path);
  }
}
share(UploadFile, "UploadFile");
