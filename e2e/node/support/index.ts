/** What the generated tests share: handlers' answers, requests, and the comparison with what is expected. */

export { check } from "./check.js";
export { echo } from "./echo.js";
