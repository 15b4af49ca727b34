import { getSystemErrorName } from "node:util";

import type { NativeRefusal } from "./engine.js";

/** The error that Node's own servers give. */
export function listenError({ errno, message }: NativeRefusal, address: string, port: number | undefined): Error {
  const code = nameOf(errno);
  const text = message.replace(/ \(os error \d+\)$/, "").replace(/^[A-Z]/, (letter) => letter.toLowerCase());
  const place = port === undefined ? address : `${address}:${port}`;
  const error = new Error(`listen ${code}: ${text} ${place}`);
  return Object.assign(error, { code, errno: -errno, syscall: "listen", address, ...(port !== undefined && { port }) });
}

function nameOf(errno: number): string {
  try {
    return getSystemErrorName(-errno);
  } catch {
    return `errno ${errno}`;
  }
}
