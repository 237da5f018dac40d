/**
 * Between the double, inside the main process under test, and the test: what the app has done is told as
 * events, and what a person or the system does comes as orders, by name.
 */
export interface DoubleEvent {
  readonly event: string;
  readonly detail: unknown;
}

export interface DoubleOrder {
  readonly id: number;
  readonly order: string;
  readonly args: readonly unknown[];
}

export interface DoubleAnswer {
  readonly id: number;
  readonly result?: unknown;
  readonly problem?: string;
}

type Handler = (...args: unknown[]) => unknown;
const handlers = new Map<string, Handler>();

/** Tells the test that the app has done something. */
export function tell(event: string, detail: unknown): void {
  const message: DoubleEvent = { event, detail };
  process.send?.(message);
}

/** What happens when the test orders something. */
export function obey(order: string, handler: Handler): void {
  handlers.set(order, handler);
}

process.on('message', (message: DoubleOrder) => {
  void answer(message);
});

async function answer({ id, order, args }: DoubleOrder): Promise<void> {
  const reply = (answered: Omit<DoubleAnswer, 'id'>): void => {
    process.send?.({ id, ...answered });
  };
  try {
    const handler = handlers.get(order);
    if (!handler) throw new Error(`the double knows no order "${order}"`);
    reply({ result: (await handler(...args)) ?? null });
  } catch (error) {
    reply({ problem: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}
