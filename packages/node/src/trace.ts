import type { NativeRequest } from "./engine.js";

/** Where a request stands in a trace of several services (W3C Trace Context), as the stage `traceContext` has found it out. */
export interface Trace {
  /** The id of the trace: 32 hexadecimal digits. */
  readonly traceId: string;
  /** The id of this request's span: 16 hexadecimal digits. */
  readonly spanId: string;
  /** The id of the caller's span; `undefined` where the trace begins here. */
  readonly parentId: string | undefined;
  /** Whether the trace is recorded. */
  readonly sampled: boolean;
  /** The field `traceparent` for requests that are sent meanwhile. */
  readonly traceparent: string;
  /** The field `tracestate` for such requests. */
  readonly tracestate: string | undefined;
}

/** The trace of a request in the runtime. */
export function traceOf({ trace }: NativeRequest): Trace | undefined {
  if (trace === null) return undefined;
  const [traceId = "", spanId = "", traceparent = "", sampled, parentId, tracestate] = trace;
  return {
    traceId,
    spanId,
    parentId: parentId || undefined,
    sampled: sampled !== "",
    traceparent,
    tracestate: tracestate || undefined,
  };
}
