/** Texts whose format is declared, in one spelling. */

const PATTERNS = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i,
  date: /^\d{4}-\d\d-\d\d$/,
  "date-time": /^\d{4}-\d\d-\d\d[t ]\d\d:\d\d:\d\d(\.\d+)?(z|[+-]\d\d:\d\d)$/i,
  time: /^\d\d:\d\d:\d\d(\.\d+)?(z|[+-]\d\d:\d\d)?$/i,
  duration: /^P(?!$)(?:(\d+)W)?(?:(\d+)D)?(?:T(?=\d)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/i,
  decimal: /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i,
} as const;

/** The seconds of the units of a duration, whose days have 24 hours (RFC 3339 appendix A). */
const SECONDS = [604_800, 86_400, 3600, 60, 1];

/** Gives `text` with the type that its format says. Fails when it does not have that format. */
export function tagText(text: string, format: string): unknown {
  if (!isTyped(format)) {
    return { str: text };
  }
  const match = PATTERNS[format].exec(text);
  if (match === null) {
    throw new Error(`${JSON.stringify(text)} does not have the format ${format}`);
  }
  switch (format) {
    case "uuid":
      return { uuid: text.toLowerCase() };
    case "date-time":
      return { datetime: normalTime(text) };
    case "time":
      return { time: normalTime(text) };
    case "duration":
      return { duration_seconds: SECONDS.reduce((sum, unit, index) => sum + unit * Number(match[index + 1] ?? 0), 0) };
    default:
      return { [format]: text };
  }
}

function isTyped(format: string): format is keyof typeof PATTERNS {
  return Object.hasOwn(PATTERNS, format);
}

/** A time in upper case, its fraction without trailing zeros, `Z` for UTC (RFC 3339 §5.6). */
function normalTime(text: string): string {
  return text
    .toUpperCase()
    .replace(" ", "T")
    .replace(/(\.\d*?)0+(?=Z|[+-]|$)/, "$1")
    .replace(/\.(?=Z|[+-]|$)/, "")
    .replace(/[+-]00:00$/, "Z");
}
