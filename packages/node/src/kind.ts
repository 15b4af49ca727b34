/**
 * What an object of this package is, also one whose class comes from another copy of it: an ES module and a CommonJS module of
 * one program have one each.
 */
export const KIND: unique symbol = Symbol.for("sabir.kind") as never;

/** Lets `instanceof` know objects of another copy's class of this `name`, which is also their {@link KIND}. */
export function share(type: { readonly prototype: object }, name: string): void {
  const brand = Symbol.for(`sabir.${name}`);
  Object.defineProperty(type.prototype, brand, { value: true });
  Object.defineProperty(type, Symbol.hasInstance, {
    value(this: unknown, value: unknown): boolean {
      // A subclass inherits this.
      if (this !== type) return Function.prototype[Symbol.hasInstance].call(this, value);
      if (typeof value !== "object" || value === null) return false;
      const prototype: unknown = Object.getPrototypeOf(value);
      return typeof prototype === "object" && prototype !== null && brand in prototype;
    },
  });
}

/** Whether `value` is the class that {@link share} was given as `name`, be it that of another copy; not one of its subclasses. */
export function isClass(value: unknown, name: string): boolean {
  const prototype: unknown = typeof value === "function" ? value.prototype : undefined;
  return typeof prototype === "object" && prototype !== null && Object.hasOwn(prototype, Symbol.for(`sabir.${name}`));
}

/** Whether `value` is a part of this package of that kind. */
export function isKind(value: unknown, kind: "problem" | "response"): boolean {
  return typeof value === "object" && value !== null && (value as { readonly [KIND]?: unknown })[KIND] === kind;
}
