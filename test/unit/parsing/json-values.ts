import fc from 'fast-check';

/** JSON values whose whole numbers a double holds exactly; the strict reader refuses the others. */
export function exactJsonValue(maxDepth: number): fc.Arbitrary<fc.JsonValue> {
  return fc.jsonValue({ maxDepth }).filter((value) => {
    let isExact = true;
    JSON.stringify(value, (_key, member: unknown) => {
      if (typeof member === 'number' && Math.abs(member) > Number.MAX_SAFE_INTEGER) isExact = false;
      return member;
    });
    return isExact;
  });
}
