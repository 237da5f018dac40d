const STEPS = [1, 2, 5] as const;
const MAX_STEPS = 5;

/** Round numbers from 0 to at least `most`, evenly apart. */
export function axisTicks(most: number): readonly number[] {
  if (!(most > 0)) return [0, 1];
  const magnitude = 10 ** Math.floor(Math.log10(most / MAX_STEPS));
  const step = magnitude * (STEPS.find((each) => most / (each * magnitude) <= MAX_STEPS) ?? 10);
  return Array.from({ length: Math.ceil(most / step) + 1 }, (_, index) => index * step);
}
