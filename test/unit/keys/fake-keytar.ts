import type { Keytar } from '../../../proxy/keys/keytar-library.ts';

/** A keychain in memory behind keytar's interface; `on` puts something else in the place of one call. */
export class FakeKeytar implements Keytar {
  readonly items = new Map<string, string>();
  readonly calls: string[] = [];
  readonly #instead = new Map<keyof Keytar, () => Promise<unknown>>();

  on(call: keyof Keytar, instead: () => Promise<unknown>): this {
    this.#instead.set(call, instead);
    return this;
  }

  restore(call: keyof Keytar): void {
    this.#instead.delete(call);
  }

  async getPassword(service: string, account: string): Promise<string | null> {
    this.calls.push(`get ${service} ${account}`);
    const instead = this.#instead.get('getPassword');
    if (instead) return (await instead()) as string | null;
    return this.items.get(`${service}/${account}`) ?? null;
  }

  async setPassword(service: string, account: string, password: string): Promise<void> {
    this.calls.push(`set ${service} ${account}`);
    await this.#instead.get('setPassword')?.();
    this.items.set(`${service}/${account}`, password);
  }

  async deletePassword(service: string, account: string): Promise<boolean> {
    this.calls.push(`delete ${service} ${account}`);
    await this.#instead.get('deletePassword')?.();
    return this.items.delete(`${service}/${account}`);
  }
}

export function fails(message: string): () => Promise<never> {
  return () => Promise.reject(new Error(message));
}
