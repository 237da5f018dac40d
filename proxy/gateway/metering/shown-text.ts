/** Bytes of the texts that follow a `"name":` in an event, escapes counted as they stand. */
export function textBytesAfter(data: Buffer, marker: Buffer): number {
  let bytes = 0;
  for (let found = data.indexOf(marker); found >= 0; found = data.indexOf(marker, found + marker.length)) {
    let start = found + marker.length;
    while (isSpace(data[start])) start += 1;
    if (data[start] !== 0x22) continue;
    let end = start + 1;
    while (end < data.length && data[end] !== 0x22) end += data[end] === 0x5c ? 2 : 1;
    bytes += end - start - 1;
  }
  return bytes;
}

export function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}
