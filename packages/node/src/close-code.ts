/** Why a socket is closed (RFC 6455 §7.4.1). Applications have 4000 to 4999 for themselves. */
export const CloseCode = {
  /** The purpose of the socket has been fulfilled. */
  Normal: 1000,
  /** The server stops, or the client leaves the page. */
  GoingAway: 1001,
  /** A frame breaks the protocol. */
  ProtocolError: 1002,
  /** A message is of a kind that is not taken, such as binary. */
  UnsupportedData: 1003,
  /** The close frame had no code. Never sent. */
  NoStatus: 1005,
  /** The connection ended without a close frame. Never sent. */
  Abnormal: 1006,
  /** The content of a message is not what its kind says, as text that is not UTF-8. */
  InvalidPayload: 1007,
  /** A message breaks a rule of the application. */
  PolicyViolation: 1008,
  /** A message is too large. */
  MessageTooBig: 1009,
  /** The server did not agree to an extension that the client needs. */
  MandatoryExtension: 1010,
  /** The server failed. */
  InternalError: 1011,
  /** The service is being restarted. */
  ServiceRestart: 1012,
  /** The server is overloaded, or the client reads too slowly. */
  TryAgainLater: 1013,
  /** A gateway had a bad answer from the server behind it. */
  BadGateway: 1014,
} as const;

/** The codes that a close frame may carry, in ranges. */
const SENDABLE = [
  [1000, 1003],
  [1007, 1014],
  [3000, 4999],
] as const;

/** @throws {RangeError} A close frame may not carry `code`. */
export function checkCode(code: number): void {
  if (Number.isInteger(code) && SENDABLE.some(([first, last]) => code >= first && code <= last)) return;
  throw new RangeError(`${code} is no code to close with; use one of CloseCode, or of 4000 to 4999`);
}
