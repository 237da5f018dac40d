export type DbusArgument =
  | { readonly type: 's' | 'o'; readonly value: string }
  | { readonly type: 'ao'; readonly value: readonly string[] }
  | { readonly type: 'a{ss}'; readonly value: Readonly<Record<string, string>> };

export interface DbusCall {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly args: readonly DbusArgument[];
}

const FIELD = { path: 1, interface: 2, member: 3, destination: 6, signature: 8 };

/** The bytes of a method call (D-Bus Specification 0.43, "Message Protocol"), in little-endian order. */
export function encodeCall(serial: number, call: DbusCall): Buffer {
  const body = new Writer();
  for (const argument of call.args) body.argument(argument);

  const head = new Writer();
  head.byte(0x6c); // little-endian
  head.byte(1); // method call
  head.byte(0); // no flags: a reply is wanted and the service may be started
  head.byte(1); // protocol version
  head.uint32(body.length);
  head.uint32(serial);
  head.array(8, () => {
    head.field(FIELD.path, 'o', call.path);
    head.field(FIELD.interface, 's', call.interface);
    head.field(FIELD.member, 's', call.member);
    head.field(FIELD.destination, 's', call.destination);
    if (call.args.length > 0) head.field(FIELD.signature, 'g', call.args.map((a) => a.type).join(''));
  });
  head.align(8);
  return Buffer.concat([head.bytes(), body.bytes()]);
}

class Writer {
  readonly #bytes: number[] = [];

  get length(): number {
    return this.#bytes.length;
  }

  bytes(): Buffer {
    return Buffer.from(this.#bytes);
  }

  align(to: number): void {
    while (this.#bytes.length % to !== 0) this.#bytes.push(0);
  }

  byte(value: number): void {
    this.#bytes.push(value);
  }

  uint32(value: number): void {
    this.align(4);
    this.#bytes.push(value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, value >>> 24);
  }

  text(value: string): void {
    const utf8 = Buffer.from(value, 'utf8');
    this.uint32(utf8.length);
    this.#bytes.push(...utf8, 0);
  }

  signature(value: string): void {
    this.#bytes.push(value.length, ...Buffer.from(value, 'latin1'), 0);
  }

  /** The length in front of an array leaves out the padding before its first element. */
  array(elementAlignment: number, elements: () => void): void {
    this.uint32(0);
    const lengthAt = this.#bytes.length - 4;
    this.align(elementAlignment);
    const start = this.#bytes.length;
    elements();
    const length = this.#bytes.length - start;
    for (let shift = 0; shift < 4; shift += 1)
      this.#bytes[lengthAt + shift] = (length >>> (8 * shift)) & 0xff;
  }

  field(code: number, type: 'o' | 's' | 'g', value: string): void {
    this.align(8);
    this.byte(code);
    this.signature(type);
    if (type === 'g') this.signature(value);
    else this.text(value);
  }

  argument(argument: DbusArgument): void {
    switch (argument.type) {
      case 's':
      case 'o':
        this.text(argument.value);
        break;
      case 'ao':
        this.array(4, () => {
          for (const path of argument.value) this.text(path);
        });
        break;
      case 'a{ss}':
        this.array(8, () => {
          for (const [key, value] of Object.entries(argument.value)) {
            this.align(8);
            this.text(key);
            this.text(value);
          }
        });
    }
  }
}
