/** A round that took longer was the machine's doing: nothing else could go on in it either. */
const LONGEST_ROUND_MS = 250;

/** Waits until a condition holds; fails after `timeoutMs`, of which a machine that stands still takes nothing. */
export async function until(condition: () => boolean | Promise<boolean>, timeoutMs = 15_000): Promise<void> {
  let leftMs = timeoutMs;
  for (;;) {
    const startedMs = performance.now();
    if (await condition()) return;
    if (leftMs <= 0) throw new Error(`The condition did not come true within ${timeoutMs} ms.`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    leftMs -= Math.min(performance.now() - startedMs, LONGEST_ROUND_MS);
  }
}
