import { settingName, settingProperty } from "./setting-names.js";
import { SetupError } from "./setup-error.js";

/** Marks a stage, whichever copy of the package has made it. */
const STAGE: unique symbol = Symbol.for("sabir.stage") as never;

/**
 * What stands around handlers and is done in the runtime, before JavaScript is entered. For an application `app.use` sets it, and it
 * covers every answer, refusals too. The option `use` of a router or a route takes the place of what is set around it.
 */
export interface Stage {
  /** @internal The runtime's name. */
  readonly [STAGE]: string;
  /** @internal Options by the runtime's names; `false` for no such stage. */
  readonly data: Readonly<Record<string, unknown>> | false;
}

/**
 * A stage of the runtime.
 *
 * @throws {SetupError} An option is not named as this language names it. The runtime judges the rest.
 */
export function named(name: string, options: object | false): Stage {
  if (options === false) return Object.freeze({ [STAGE]: name, data: false });
  const data: Record<string, unknown> = {};
  for (const [property, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const option = settingName(property);
    if (settingProperty(option) !== property) {
      const field = `stages.${settingProperty(name)}.${property}`;
      throw new SetupError({
        route: "use",
        field,
        problem: "there is no such option",
        remedy: `try \`${settingProperty(property)}\``,
      });
    }
    data[option] = value;
  }
  return Object.freeze({ [STAGE]: name, data: Object.freeze(data) });
}

/** Whether this is a stage. */
export function isStage(value: unknown): value is Stage {
  return typeof value === "object" && value !== null && STAGE in value;
}

/**
 * Stages as data by their names; of two with the same name the last one counts.
 *
 * @throws {SetupError} One of them is no stage.
 */
export function stagesOf(route: string, use: readonly Stage[]): Record<string, Stage["data"]> {
  if (!Array.isArray(use)) throw new SetupError({ route, field: "use", problem: "this is no list", remedy: "write `[cors()]`" });
  const found: Record<string, Stage["data"]> = {};
  use.forEach((stage: unknown, place) => {
    if (!isStage(stage)) {
      const remedy =
        typeof stage === "function" ? `call it: \`${stage.name}()\`` : "use a function of the package, such as `cors()`";
      throw new SetupError({ route, field: `use[${place}]`, problem: "this is no stage", remedy });
    }
    found[stage[STAGE]] = stage.data;
  });
  return found;
}
