import { DbusProtocolError, DbusReader, type DbusValue } from './dbus-reader.ts';

export interface DbusMessage {
  readonly type: 'call' | 'return' | 'error' | 'signal';
  /** The serial of the call this answers; 0 in calls and signals. */
  readonly replySerial: number;
  /** Set in errors: `org.freedesktop.DBus.Error.ServiceUnknown`. */
  readonly errorName: string | null;
  readonly body: readonly DbusValue[];
}

/** What we ask is answered in a few hundred bytes; the protocol itself would allow 128 MiB. */
const MAX_MESSAGE_BYTES = 1_048_576;
const FIXED_HEADER_BYTES = 16;
const TYPES = ['call', 'return', 'error', 'signal'] as const;
const FIELD = { errorName: 4, replySerial: 5, signature: 8 };

/**
 * The first message of what has arrived and how many bytes it took, or null while it is incomplete.
 * @throws DbusProtocolError
 */
export function decodeMessage(bytes: Buffer): { message: DbusMessage; size: number } | null {
  if (bytes.length < FIXED_HEADER_BYTES) return null;
  const order = bytes[0];
  if (order !== 0x6c && order !== 0x42) throw new DbusProtocolError('unknown byte order');
  const little = order === 0x6c;
  const fixed = new DbusReader(bytes.subarray(0, FIXED_HEADER_BYTES), little);
  fixed.skip(4);
  const bodyBytes = fixed.uint32();
  fixed.skip(4);
  const fieldBytes = fixed.uint32();
  const bodyStart = Math.ceil((FIXED_HEADER_BYTES + fieldBytes) / 8) * 8;
  const size = bodyStart + bodyBytes;
  if (size > MAX_MESSAGE_BYTES) throw new DbusProtocolError('oversized message');
  if (bytes.length < size) return null;

  const type = TYPES[(bytes[1] ?? 0) - 1];
  if (type === undefined) throw new DbusProtocolError('unknown message type');
  const header = new DbusReader(bytes.subarray(0, bodyStart), little);
  header.skip(12);
  const fields = new Map<DbusValue | undefined, DbusValue | undefined>();
  for (const [code, value] of header.values('a(yv)')[0] as [DbusValue, DbusValue][]) fields.set(code, value);

  const signature = fields.get(FIELD.signature) ?? '';
  const replySerial = fields.get(FIELD.replySerial) ?? 0;
  const errorName = fields.get(FIELD.errorName) ?? null;
  if (typeof signature !== 'string' || typeof replySerial !== 'number') {
    throw new DbusProtocolError('header field of the wrong type');
  }
  const body = new DbusReader(bytes.subarray(bodyStart, size), little).values(signature);
  return {
    message: { type, replySerial, errorName: typeof errorName === 'string' ? errorName : null, body },
    size,
  };
}
