/**
 * The symbol of `await using`, which Node has since 20.5: where it is missing it is put where compilers look for it.
 */
export const asyncDispose: typeof Symbol.asyncDispose = installed();

function installed(): typeof Symbol.asyncDispose {
  if (typeof Symbol.asyncDispose !== "symbol") {
    Object.defineProperty(Symbol, "asyncDispose", { value: Symbol("Symbol.asyncDispose") });
  }
  return Symbol.asyncDispose;
}
