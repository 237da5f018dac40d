import { existsSync } from 'node:fs';

/** An image by its file: an empty one, as Electron makes it of a file that is missing, fails the test. */
export class NativeImageDouble implements Pick<Electron.NativeImage, 'setTemplateImage' | 'isEmpty'> {
  readonly path: string;
  #isTemplate = false;

  constructor(path: string) {
    if (!existsSync(path)) throw new Error(`there is no image ${path}`);
    this.path = path;
  }

  get facts(): { readonly path: string; readonly isTemplate: boolean } {
    return { path: this.path, isTemplate: this.#isTemplate };
  }

  setTemplateImage(isTemplate: boolean): void {
    this.#isTemplate = isTemplate;
  }

  isEmpty(): boolean {
    return false;
  }
}

export type NativeImage = NativeImageDouble;
export const nativeImage = {
  createFromPath: (path: string): NativeImageDouble => new NativeImageDouble(path),
};
