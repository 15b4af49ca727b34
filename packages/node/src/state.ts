/**
 * What hooks, providers and the handler of one request share as `context.state`. A program declares its members:
 *
 * @example
 * declare module "sabir" {
 *   interface State {
 *     startedAt?: number;
 *   }
 * }
 */
export interface State {}
