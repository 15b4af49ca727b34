/**
 * Values by the tickets of calls. A map of objects that is outgrown by traffic leaves its old tables to the garbage collector, which
 * takes them, and the objects in them, for alive; here the map has numbers alone.
 */
export class ByTicket<T> {
  readonly #places = new Map<number, number>();
  readonly #values: (T | undefined)[] = [];
  readonly #free: number[] = [];

  set(ticket: number, value: T): void {
    const place = this.#places.get(ticket) ?? this.#free.pop() ?? this.#values.length;
    this.#values[place] = value;
    this.#places.set(ticket, place);
  }

  get(ticket: number): T | undefined {
    const place = this.#places.get(ticket);
    return place === undefined ? undefined : this.#values[place];
  }

  delete(ticket: number): void {
    const place = this.#places.get(ticket);
    if (place === undefined) return;
    this.#places.delete(ticket);
    this.#values[place] = undefined;
    this.#free.push(place);
  }

  /** Every value, in no order. */
  values(): T[] {
    return this.#values.filter((value) => value !== undefined);
  }
}
