/** What the generated tests share: handlers' answers, requests, and the comparison with what is expected. */

export { check } from "./check.js";
export { digested, keep, partOf } from "./collect.js";
export { echo } from "./echo.js";
export { tagged, told } from "./socket.js";
