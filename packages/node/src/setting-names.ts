import type { Settings } from "./settings.js";
import { SetupError } from "./setup-error.js";

/** The runtime's name for a setting: `body_limit` for `bodyLimit`. */
export function settingName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** The package's name for a setting: `bodyLimit` for `body_limit`. */
export function settingProperty(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/**
 * The settings by the runtime's names. Their values are left to the runtime, which knows what each takes.
 *
 * @param known The runtime's own names.
 * @throws {SetupError} There is no such setting.
 */
export function forRuntime(settings: Settings, known: readonly string[]): Record<string, unknown> {
  const found: Record<string, unknown> = {};
  for (const [property, value] of Object.entries(settings)) {
    if (value === undefined) continue;
    const name = settingName(property);
    if (!known.includes(name) || settingProperty(name) !== property) {
      const remedy = `use one of ${known.map(settingProperty).join(" ")}`;
      throw new SetupError({ route: "settings", field: property, problem: "there is no such setting", remedy });
    }
    if (!isData(value)) {
      const remedy = "give it a number, a string or a boolean";
      throw new SetupError({ route: "settings", field: property, problem: `${String(value)} is no value of a setting`, remedy });
    }
    found[name] = value;
  }
  return found;
}

/** Whether the runtime can judge `value`; it knows nothing but the data of JSON. */
function isData(value: unknown): boolean {
  return value === null || Number.isFinite(value) || ["string", "boolean", "bigint"].includes(typeof value);
}
