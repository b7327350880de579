/** A set of the nodes of one graph, a bit each: graphs have hundreds of nodes, and each node has sets of them. */
export class NodeSet implements Iterable<string> {
  readonly #ids: readonly string[];
  readonly #places: ReadonlyMap<string, number>;
  readonly #bits: Uint32Array;

  private constructor(ids: readonly string[], places: ReadonlyMap<string, number>, bits: Uint32Array) {
    this.#ids = ids;
    this.#places = places;
    this.#bits = bits;
  }

  /** An empty set over these nodes. */
  static over(ids: readonly string[]): NodeSet {
    const places = new Map(ids.map((id, place) => [id, place]));
    return new NodeSet(ids, places, new Uint32Array(Math.ceil(ids.length / 32)));
  }

  has(id: string): boolean {
    const place = this.#places.get(id);
    return place !== undefined && ((this.#bits[place >> 5] ?? 0) & (1 << (place & 31))) !== 0;
  }

  /** The same with one more. A node that is not of the graph changes nothing. */
  with(id: string): NodeSet {
    const bits = this.#bits.slice();
    const place = this.#places.get(id);
    if (place !== undefined) bits[place >> 5] = (bits[place >> 5] ?? 0) | (1 << (place & 31));
    return new NodeSet(this.#ids, this.#places, bits);
  }

  /** What is in this or the other. Both are over the same nodes. */
  union(other: NodeSet): NodeSet {
    const bits = this.#bits.map((word, index) => word | (other.#bits[index] ?? 0));
    return new NodeSet(this.#ids, this.#places, bits);
  }

  /** What is in both. Both are over the same nodes. */
  intersection(other: NodeSet): NodeSet {
    const bits = this.#bits.map((word, index) => word & (other.#bits[index] ?? 0));
    return new NodeSet(this.#ids, this.#places, bits);
  }

  *[Symbol.iterator](): Iterator<string> {
    for (const id of this.#ids) if (this.has(id)) yield id;
  }
}
