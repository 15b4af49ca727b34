import { SetupError } from "../setup-error.js";
import { pointer, type ValidationIssue, ValidationIssues } from "./issues.js";
import { isNode, type Node, referred } from "./visit.js";

/** What TypeBox has a schema do beyond JSON Schema. */
export interface Hooks {
  /** Turns the value that was sent into the value that handlers get. */
  readonly decode?: (value: unknown) => unknown;
  /** Checks that JSON Schema cannot say. */
  readonly refinements?: readonly { check(value: unknown): boolean; error(value: unknown): string }[];
}

/** How {@link steps} reads a schema. */
export interface StepOptions {
  /** Removes what `properties` does not name, where the schema says nothing of other names. */
  readonly strip: boolean;
  /** The outermost object was put together from declared parameters: it has their defaults and no other names. */
  readonly parameters: boolean;
  /** What schemas do beyond JSON Schema. */
  readonly hooks: ReadonlyMap<object, Hooks>;
  /** What the schema is of, for messages. */
  readonly what: string;
}

/** The state of one run. */
interface Run {
  readonly path: PropertyKey[];
  readonly issues: ValidationIssue[];
}

type Step = (value: unknown, run: Run) => unknown;

/**
 * Compiles what `root` asks for beside validation: fill in defaults, remove surplus names, decode. Nothing is left for
 * a schema that only validates.
 *
 * The function changes the value in place, which nobody else has seen, and costs nothing where there is nothing to do.
 *
 * @returns The function, which throws {@link ValidationIssues}; `undefined` when the value stays as it is.
 * @throws {SetupError} A hook stands where nothing tells whether it applies.
 */
export function steps(root: Node, options: StepOptions): ((value: unknown) => unknown) | undefined {
  const compiler = new Compiler(root, options);
  const step = compiler.compile(root, options.parameters);
  for (const schema of options.hooks.keys()) {
    if (compiler.reached(schema)) continue;
    throw new SetupError({
      route: "",
      field: options.what,
      problem: "a codec or refinement of TypeBox stands inside a union, a condition or a negation",
      remedy: "put it around the union, or decode in the handler",
    });
  }
  if (!step || !compiler.hasWork) return undefined;
  return (value) => {
    const run: Run = { path: [], issues: [] };
    const finished = step(value, run);
    if (run.issues.length > 0) throw new ValidationIssues(run.issues);
    return finished;
  };
}

class Compiler {
  /** The steps of schemas seen so far; a schema that contains itself finds itself here. */
  private readonly known = new Map<object, { step: Step | undefined; isDone: boolean }>();
  /** Whether any schema asks for more than validation. A schema that contains itself has a step even if none does. */
  hasWork = false;

  constructor(
    private readonly root: Node,
    private readonly options: StepOptions,
  ) {}

  /** Whether `schema` was compiled. */
  reached(schema: object): boolean {
    return this.known.has(schema);
  }

  /** The step of `schema`; `isFilled` when the defaults of its properties are there already. */
  compile(schema: unknown, isFilled = false): Step | undefined {
    if (!isNode(schema)) return undefined;
    const seen = this.known.get(schema);
    if (seen?.isDone) return seen.step;
    if (seen) {
      // The schema contains itself. Whether it has a step is not known yet, so the inner one is looked up when it runs.
      return (value, run) => (seen.step ? seen.step(value, run) : value);
    }
    const entry = { step: undefined as Step | undefined, isDone: false };
    this.known.set(schema, entry);
    const list = [
      this.compile(referred(this.root, schema["$ref"]), isFilled),
      ...(Array.isArray(schema["allOf"]) ? schema["allOf"].map((part) => this.compile(part, isFilled)) : []),
      this.nullable(schema["anyOf"]) ?? this.nullable(schema["oneOf"]),
      this.object(schema, isFilled),
      this.array(schema),
      this.hooks(schema),
    ].filter((step) => step !== undefined);
    entry.step = list.length < 2 ? list[0] : (value, run) => list.reduce((before, step) => step(before, run), value);
    entry.isDone = true;
    return entry.step;
  }

  /** One branch or null. In other choices nothing says which branch a value took, so that they are left alone. */
  private nullable(branches: unknown): Step | undefined {
    if (!Array.isArray(branches) || branches.length !== 2) return undefined;
    const others = branches.filter((branch) => !(isNode(branch) && branch["type"] === "null"));
    const step = others.length === 1 ? this.compile(others[0]) : undefined;
    return step && ((value, run) => (value === null ? value : step(value, run)));
  }

  private object(schema: Node, isFilled: boolean): Step | undefined {
    const properties = isNode(schema["properties"]) ? Object.entries(schema["properties"]) : [];
    const names = new Set(properties.map(([name]) => name));
    const children = new Map<string, Step>();
    const defaults: [string, unknown][] = [];
    for (const [name, property] of properties) {
      const step = this.compile(property);
      if (step) children.set(name, step);
      const value = isFilled ? undefined : this.defaultOf(property);
      if (value !== undefined) defaults.push([name, value]);
    }
    const patterns = isNode(schema["patternProperties"]) ? Object.entries(schema["patternProperties"]) : [];
    const matching = patterns
      .map(([pattern, other]) => ({ pattern, step: this.compile(other) }))
      .filter(({ step }) => step !== undefined)
      .map(({ pattern, step }) => ({ pattern: new RegExp(pattern, "u"), step }));
    const other = this.compile(schema["additionalProperties"]);
    const strips =
      this.options.strip && !isFilled && isNode(schema["properties"]) && schema["additionalProperties"] === undefined;
    if (defaults.length > 0 || strips) this.hasWork = true;
    if (children.size === 0 && defaults.length === 0 && matching.length === 0 && !other && !strips) return undefined;

    return (value, run) => {
      if (!isNode(value)) return value;
      for (const name of Object.keys(value)) {
        let step = children.get(name);
        if (!step && !names.has(name)) {
          if (strips) {
            delete value[name];
            continue;
          }
          step = matching.find(({ pattern }) => pattern.test(name))?.step ?? other;
        }
        if (step) set(value, name, inside(run, name, step, value[name]));
      }
      for (const [name, fallback] of defaults) {
        if (Object.hasOwn(value, name)) continue;
        const step = children.get(name);
        const copy = typeof fallback === "object" ? structuredClone(fallback) : fallback;
        set(value, name, step ? inside(run, name, step, copy) : copy);
      }
      return value;
    };
  }

  private array(schema: Node): Step | undefined {
    const first = Array.isArray(schema["prefixItems"]) ? schema["prefixItems"].map((item) => this.compile(item)) : [];
    const rest = this.compile(schema["items"]);
    if (!rest && !first.some((step) => step !== undefined)) return undefined;
    return (value, run) => {
      if (!Array.isArray(value)) return value;
      for (let index = 0; index < value.length; index += 1) {
        const step = index < first.length ? first[index] : rest;
        if (step) value[index] = inside(run, index, step, value[index]);
      }
      return value;
    };
  }

  private hooks(schema: Node): Step | undefined {
    const hooks = this.options.hooks.get(schema);
    if (!hooks) return undefined;
    this.hasWork = true;
    return (value, run) => {
      const failed = hooks.refinements?.find((refinement) => !refinement.check(value));
      if (failed) {
        run.issues.push({ pointer: pointer(run.path), detail: failed.error(value) });
        return value;
      }
      if (!hooks.decode) return value;
      try {
        return hooks.decode(value);
      } catch (error) {
        run.issues.push({ pointer: pointer(run.path), detail: error instanceof Error ? error.message : String(error) });
        return value;
      }
    };
  }

  /** The nearest default: of the schema itself, or of what it refers to. */
  private defaultOf(schema: unknown): unknown {
    const seen = new Set<unknown>();
    while (isNode(schema) && !seen.has(schema)) {
      if (schema["default"] !== undefined) return schema["default"];
      seen.add(schema);
      schema = referred(this.root, schema["$ref"]);
    }
    return undefined;
  }
}

function inside(run: Run, key: PropertyKey, step: Step, value: unknown): unknown {
  run.path.push(key);
  const finished = step(value, run);
  run.path.pop();
  return finished;
}

/** Sets an own property, also one called `__proto__`. */
function set(object: Node, name: string, value: unknown): void {
  if (name === "__proto__") {
    Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
  } else {
    object[name] = value;
  }
}
