import { isClass } from "../kind.js";
import { SetupError } from "../setup-error.js";
import { UploadFile } from "../upload.js";

/** What is read of a schema of zod to find the files in its values. */
export interface FileSchema {
  readonly _zod: {
    readonly def: {
      readonly type: string;
      readonly shape?: Readonly<Record<string, FileSchema>>;
      readonly catchall?: FileSchema;
      readonly element?: FileSchema;
      readonly items?: readonly FileSchema[];
      readonly rest?: FileSchema | null;
      readonly valueType?: FileSchema;
      readonly options?: readonly FileSchema[];
      readonly left?: FileSchema;
      readonly right?: FileSchema;
      readonly innerType?: FileSchema;
      readonly in?: FileSchema;
      readonly out?: FileSchema;
    };
    /** What is within a lazy schema. */
    readonly innerType?: FileSchema;
    readonly bag?: { readonly Class?: unknown };
    /** The schema that this one adds checks or metadata to. */
    readonly parent?: FileSchema;
  };
}

/** What an uploaded file becomes: nothing else, a file of the platform, or its bytes. */
type Target = "upload" | "file" | "bytes";

/** What is asked for at one place of a value, by all schemas that speak of it. */
interface Part {
  target?: Target;
  readonly members: Map<string, Part>;
  readonly otherMembers?: Part;
  readonly firstItems: Part[];
  readonly items?: Part;
}

/** Whether `schema` is one of a file as it arrives: `z.file()`, or an instance of `UploadFile`, `File`, `Blob` or `Uint8Array`. */
export function isFileSchema(schema: FileSchema): boolean {
  return targetOf(schema) !== undefined;
}

function targetOf(schema: FileSchema): Target | undefined {
  const { type } = schema._zod.def;
  if (type === "file") return "file";
  if (type !== "custom") return undefined;
  const wanted = classOf(schema);
  if (wanted === File || wanted === Blob) return "file";
  if (wanted === Uint8Array) return "bytes";
  return isClass(wanted, "UploadFile") ? "upload" : undefined;
}

/** The class that `schema` has instances of, if it is one of `z.instanceof`. */
function classOf({ _zod: { bag, parent } }: FileSchema): unknown {
  return bag?.Class ?? (parent && classOf(parent));
}

/**
 * What makes files of the platform, or bytes, of the uploaded files of a form where `schema` asks for them; `undefined` where it
 * does so nowhere.
 *
 * @param what What the schema is of, for messages.
 * @throws {SetupError} One place may have files of several classes, and nothing tells which is meant.
 */
export function fileConversion(schema: FileSchema, what: string): ((value: unknown) => Promise<unknown>) | undefined {
  const compiler = new Compiler(what);
  const part = compiler.part([schema]);
  return compiler.converts ? (value) => converted(value, part) : undefined;
}

class Compiler {
  /** Whether any file becomes something else. */
  converts = false;
  readonly #numbers = new Map<FileSchema, number>();
  /** The parts so far, by the schemas that speak of them; a schema may contain itself. */
  readonly #known = new Map<string, Part>();

  constructor(private readonly what: string) {}

  part(schemas: readonly FileSchema[]): Part {
    const all = [...alternatives(schemas)];
    const key = all
      .map((schema) => this.#number(schema))
      .sort()
      .join();
    const known = this.#known.get(key);
    if (known) return known;
    const part: Part = { members: new Map(), firstItems: [] };
    this.#known.set(key, part);
    for (const schema of all) this.#aim(part, targetOf(schema));
    const of = <T>(read: (definition: FileSchema["_zod"]["def"]) => T | null | undefined): T[] =>
      all.flatMap((schema) => read(schema._zod.def) ?? []);
    const others = [...of(({ catchall }) => catchall), ...of(({ valueType }) => valueType)];
    const shapes = of(({ shape }) => shape);
    for (const name of new Set(shapes.flatMap((shape) => Object.keys(shape)))) {
      const named = shapes.flatMap((shape) => (Object.hasOwn(shape, name) ? (shape[name] ?? []) : []));
      part.members.set(name, this.part([...named, ...others]));
    }
    const elements = [...of(({ element }) => element), ...of(({ rest }) => rest)];
    const tuples = all.flatMap(({ _zod: { def } }) => (def.items ? [def.items] : []));
    for (let index = 0; index < Math.max(0, ...tuples.map((items) => items.length)); index++) {
      part.firstItems.push(this.part([...tuples.flatMap((items) => items[index] ?? []), ...elements]));
    }
    return Object.assign(part, {
      ...(others.length > 0 && { otherMembers: this.part(others) }),
      ...(elements.length > 0 && { items: this.part(elements) }),
    });
  }

  #aim(part: Part, target: Target | undefined): void {
    if (target === undefined) return;
    if (part.target !== undefined && part.target !== target) {
      const remedy = "give one class: `z.file()`, `z.instanceof(UploadFile)` or `z.instanceof(Uint8Array)`";
      throw new SetupError({ route: "", field: this.what, problem: "one place may have files of several classes", remedy });
    }
    part.target = target;
    this.converts ||= target !== "upload";
  }

  #number(schema: FileSchema): number {
    const known = this.#numbers.get(schema) ?? this.#numbers.size;
    this.#numbers.set(schema, known);
    return known;
  }
}

/** The schemas that speak of the same value as `schemas` do: these, and those that they wrap or combine. */
function alternatives(schemas: readonly FileSchema[], found = new Set<FileSchema>()): Set<FileSchema> {
  for (const schema of schemas) {
    if (found.has(schema)) continue;
    found.add(schema);
    const { def, innerType: lazy } = schema._zod;
    // What a preprocessing function gets is what its schema describes.
    const first = def.in?._zod.def.type === "transform" ? def.out : def.in;
    const inner = [...(def.options ?? []), def.left, def.right, def.innerType, def.type === "lazy" ? lazy : undefined, first];
    alternatives(
      inner.filter((part) => part !== undefined),
      found,
    );
  }
  return found;
}

async function converted(value: unknown, part: Part | undefined): Promise<unknown> {
  if (part === undefined) return value;
  if (value instanceof UploadFile) return await made(value, part.target);
  if (Array.isArray(value)) {
    return await Promise.all(value.map((item, index) => converted(item, part.firstItems[index] ?? part.items)));
  }
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  const members = Object.entries(value).map(async ([name, member]) => {
    return [name, await converted(member, part.members.get(name) ?? part.otherMembers)] as const;
  });
  return Object.fromEntries(await Promise.all(members));
}

async function made(file: UploadFile, target: Target | undefined): Promise<unknown> {
  if (target === undefined || target === "upload") return file;
  const content = (await file.bytes()) as Uint8Array<ArrayBuffer>;
  return target === "bytes" ? content : new File([content], file.filename ?? "", { type: file.contentType ?? "" });
}
