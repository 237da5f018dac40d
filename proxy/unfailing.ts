/**
 * For telling others of a request, in the middle of its way: a log on a full disk or a bug of a listener
 * must not fail what it is told of.
 */
export function unfailing<Told extends unknown[]>(tell: (...told: Told) => void): (...told: Told) => void {
  return (...told) => {
    try {
      tell(...told);
    } catch {
      // The log may be what fails; there is nobody left to tell.
    }
  };
}
