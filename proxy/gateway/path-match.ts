/** What an id in a path may look like. Dots never stand alone, so no segment can climb. */
const ID = /^[A-Za-z0-9][A-Za-z0-9_.:-]{0,199}$/;

export interface PathRoute<Row> {
  readonly route: Row;
  readonly segments: readonly string[];
}

export function compileRoutes<Row extends { readonly path: string }>(
  rows: readonly Row[],
): readonly PathRoute<Row>[] {
  return rows.map((route) => ({ route, segments: route.path.slice(1).split('/') }));
}

/** Routes whose pattern a path has, with the ids that stand at its placeholders. */
export function matchSegments<Row>(
  routes: readonly PathRoute<Row>[],
  path: string,
): { route: Row; ids: readonly string[] }[] {
  const parts = path.slice(1).split('/');
  return routes.flatMap(({ route, segments }) => {
    const ids = idsIn(parts, segments);
    return ids ? [{ route, ids }] : [];
  });
}

/** Whether a path is made of plain segments only, so that it means the same to every reader. */
export function isPlainPath(path: string): boolean {
  return path.slice(1).split('/').every(isId);
}

function isId(text: string): boolean {
  return ID.test(text) && !text.includes('..');
}

function idsIn(parts: readonly string[], segments: readonly string[]): string[] | null {
  if (parts.length !== segments.length) return null;
  const ids: string[] = [];
  for (const [index, segment] of segments.entries()) {
    const part = parts[index] ?? '';
    if (segment.startsWith('{')) {
      if (!isId(part)) return null;
      ids.push(part);
    } else if (segment !== part) {
      return null;
    }
  }
  return ids;
}
