import type { BillStatus, OpenBill } from './bill.ts';
import type { Generation } from './generation.ts';

/** Bills one generation exactly once: in full when it is complete, else for what was generated. */
export interface Settlement {
  /** So many more tokens exist now. The last one completes the generation and bills it. */
  advance(outputTokens: number): void;
  /** Ends it early; does nothing once it is complete. */
  end(status: Exclude<BillStatus, 'completed'>): void;
  /** Everything is generated at once, as when the answer is lost on its way. */
  complete(): void;
}

export function openSettlement(generation: Generation, path: string, bill: OpenBill): Settlement {
  let generated = 0;
  let isSettled = false;
  const settle = (status: BillStatus): void => {
    if (isSettled) return;
    isSettled = true;
    bill.add(path, status, generation.charge(generated));
    if (status === 'completed') generation.onCompleted?.();
  };
  return {
    advance: (outputTokens) => {
      generated += outputTokens;
      if (generated >= generation.totalOutputTokens) settle('completed');
    },
    end: settle,
    complete: () => {
      generated = generation.totalOutputTokens;
      settle('completed');
    },
  };
}
