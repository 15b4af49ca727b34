/**
 * The symbol of `await using`, which Node has since 20.5: where it is missing it is put where compilers look for it.
 */
export const asyncDispose: typeof Symbol.asyncDispose = installed("asyncDispose");

/** The symbol of `using`, likewise. */
export const dispose: typeof Symbol.dispose = installed("dispose");

function installed<Name extends "dispose" | "asyncDispose">(name: Name): (typeof Symbol)[Name] {
  if (typeof Symbol[name] !== "symbol") Object.defineProperty(Symbol, name, { value: Symbol(`Symbol.${name}`) });
  return Symbol[name];
}
