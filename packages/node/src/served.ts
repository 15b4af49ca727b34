import { requirementsOf, type Scheme, type SecurityRequirement } from "./security.js";
import { settingName, settingProperty } from "./setting-names.js";
import { SetupError } from "./setup-error.js";
import { type Stage, stagesOf } from "./stage.js";

/** What folders and redirects share with routes. */
export interface ServedOptions {
  /** Stages in place of those around it. Middleware has no part in what the runtime answers. */
  readonly use?: readonly Stage[];
  /** The security schemes of which requests satisfy one. */
  readonly security?: readonly (Scheme | SecurityRequirement)[];
}

/** What a redirect may say beyond where it leads. */
export interface RedirectOptions extends ServedOptions {
  /** 308 by default; 301, 302, 303 and 307 say something else than that it is for good and keeps the method. */
  readonly status?: number;
}

/** A folder or a redirect as it was written. */
export interface Served extends ServedOptions {
  readonly kind: "static" | "redirect";
  readonly path: string;
  /** Its own options, by the runtime's names. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** What it is called in messages. */
export const nameOf = ({ kind, path }: Served): string => `${kind} ${path}`;

/** The security and the stages, as an operation has them. */
export function operationOf(served: Served): object {
  const { use = [], security = [] } = served;
  const stages = stagesOf(nameOf(served), use);
  return {
    ...(security.length > 0 && { security: requirementsOf(security) }),
    ...(Object.keys(stages).length > 0 && { "x-sabir": { stages } }),
  };
}

/**
 * Options by the runtime's names.
 *
 * @throws {SetupError} An option is not named as this language names it. The runtime judges the rest.
 */
export function inNames(route: string, options: object): Record<string, unknown> {
  const data: Record<string, unknown> = {};
  for (const [property, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const option = settingName(property);
    if (settingProperty(option) !== property) {
      const remedy = `try \`${settingProperty(property)}\``;
      throw new SetupError({ route, field: property, problem: "there is no such option", remedy });
    }
    data[option] = value;
  }
  return data;
}

/** Lets an error in an option name it as it was given. */
export function inProperties<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    throw new SetupError({ ...error, field: settingProperty(error.field) }, { cause: error.cause });
  }
}
