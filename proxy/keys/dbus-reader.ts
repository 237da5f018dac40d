const MAX_DEPTH = 32;

/** The peer does not speak D-Bus. */
export class DbusProtocolError extends Error {
  override readonly name = 'DbusProtocolError';
}

/** Variants come unwrapped; arrays, structs and dict entries come as arrays. */
export type DbusValue = string | number | bigint | boolean | readonly DbusValue[];

/**
 * Reads values by their signature (D-Bus Specification 0.43, "Type System"). Alignment counts from the
 * first byte it was given. Every length is checked against the bytes that are there.
 * All methods throw DbusProtocolError.
 */
export class DbusReader {
  readonly #bytes: Buffer;
  readonly #little: boolean;
  #at = 0;

  constructor(bytes: Buffer, little: boolean) {
    this.#bytes = bytes;
    this.#little = little;
  }

  skip(count: number): void {
    this.#take(count);
  }

  uint32(): number {
    const at = this.#aligned(4, 4);
    return this.#little ? this.#bytes.readUInt32LE(at) : this.#bytes.readUInt32BE(at);
  }

  /** One value for each complete type of the signature. */
  values(signature: string, depth = 0): DbusValue[] {
    const found: DbusValue[] = [];
    for (let at = 0; at < signature.length; ) {
      const end = typeEnd(signature, at);
      found.push(this.#value(signature.slice(at, end), depth));
      at = end;
    }
    return found;
  }

  #value(type: string, depth: number): DbusValue {
    if (depth > MAX_DEPTH) throw new DbusProtocolError('nested too deeply');
    const little = this.#little;
    switch (type[0]) {
      case 'y':
        return this.#bytes.readUInt8(this.#take(1));
      case 'b':
        return this.uint32() !== 0;
      case 'n':
      case 'q': {
        const at = this.#aligned(2, 2);
        const unsigned = little ? this.#bytes.readUInt16LE(at) : this.#bytes.readUInt16BE(at);
        return type === 'n' ? (unsigned << 16) >> 16 : unsigned;
      }
      case 'i':
        return this.uint32() | 0;
      case 'u':
      case 'h':
        return this.uint32();
      case 'x':
      case 't': {
        const at = this.#aligned(8, 8);
        const unsigned = little ? this.#bytes.readBigUInt64LE(at) : this.#bytes.readBigUInt64BE(at);
        return type === 'x' ? BigInt.asIntN(64, unsigned) : unsigned;
      }
      case 'd': {
        const at = this.#aligned(8, 8);
        return little ? this.#bytes.readDoubleLE(at) : this.#bytes.readDoubleBE(at);
      }
      case 's':
      case 'o':
        return this.#text(this.uint32());
      case 'g':
        return this.#text(this.#bytes.readUInt8(this.#take(1)));
      case 'v': {
        const inner = this.#text(this.#bytes.readUInt8(this.#take(1)));
        if (inner === '' || typeEnd(inner, 0) !== inner.length) throw new DbusProtocolError('bad variant');
        return this.#value(inner, depth + 1);
      }
      case 'a':
        return this.#array(type.slice(1), depth);
      default: // ( or {, as typeEnd lets nothing else through
        this.#aligned(8, 0);
        return this.values(type.slice(1, -1), depth + 1);
    }
  }

  #array(element: string, depth: number): DbusValue[] {
    const length = this.uint32();
    this.#aligned(alignmentOf(element), 0);
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new DbusProtocolError('array longer than its message');
    const found: DbusValue[] = [];
    while (this.#at < end) found.push(this.#value(element, depth + 1));
    if (this.#at !== end) throw new DbusProtocolError('array of a broken length');
    return found;
  }

  #text(length: number): string {
    const at = this.#take(length + 1);
    return this.#bytes.toString('utf8', at, at + length);
  }

  #aligned(to: number, count: number): number {
    this.#at = Math.ceil(this.#at / to) * to;
    return this.#take(count);
  }

  #take(count: number): number {
    const at = this.#at;
    if (at + count > this.#bytes.length) throw new DbusProtocolError('message shorter than its contents');
    this.#at = at + count;
    return at;
  }
}

function alignmentOf(type: string): number {
  const kind = type[0] ?? '';
  if ('ygv'.includes(kind)) return 1;
  if ('nq'.includes(kind)) return 2;
  return 'xtd({'.includes(kind) ? 8 : 4;
}

/** Where the complete type that begins at `at` ends. */
function typeEnd(signature: string, at: number, depth = 0): number {
  if (depth > MAX_DEPTH) throw new DbusProtocolError('nested too deeply');
  const kind = signature[at] ?? '';
  if (kind !== '' && 'ybnqiuxtdsogvh'.includes(kind)) return at + 1;
  if (kind === 'a') return typeEnd(signature, at + 1, depth + 1);
  if (kind === '(' || kind === '{') {
    const closing = kind === '(' ? ')' : '}';
    let end = at + 1;
    do end = typeEnd(signature, end, depth + 1);
    while (signature[end] !== closing);
    return end + 1;
  }
  throw new DbusProtocolError('unknown type');
}
