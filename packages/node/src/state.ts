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

/**
 * What belongs to an application, as `app.state`. A program declares its members as those of {@link State}. What is made when it is asked for,
 * or has to be ended, is better provided with the scope `app`.
 */
export interface AppState {}
