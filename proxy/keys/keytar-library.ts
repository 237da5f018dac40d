import { createRequire } from 'node:module';
import { AppError, problemOf } from '../contract/errors.ts';

/**
 * The three calls of keytar that are safe. `findPassword` and `findCredentials` are left out on purpose:
 * they crash the process when an item of the service has no `account` attribute.
 */
export interface Keytar {
  getPassword(service: string, account: string): Promise<string | null>;
  setPassword(service: string, account: string, password: string): Promise<void>;
  deletePassword(service: string, account: string): Promise<boolean>;
}

const require = createRequire(import.meta.url);

/**
 * Loads keytar on first use, because its native part needs libsecret on Linux. `require` instead of
 * `import`: a failed import stays failed for the life of the process, a failed require is tried again
 * once the library has been installed.
 * @throws AppError `keychain_no_library`
 */
export function loadKeytar(): Keytar {
  try {
    return require('keytar') as Keytar;
  } catch (error) {
    throw new AppError('keychain_no_library', { problem: loadProblem(error) }, { cause: error });
  }
}

/** keytar hides why its native part did not load, so the same file is loaded once more to be told. */
function loadProblem(error: unknown): string {
  const platform = `prebuilds/${process.platform}-${process.arch}`;
  for (const folder of ['build/Release', platform]) {
    try {
      require(`keytar/${folder}/keytar.node`);
    } catch (nativeError) {
      if (codeOf(nativeError) === 'ERR_DLOPEN_FAILED') return withoutPaths(problemOf(nativeError));
    }
  }
  return codeOf(error) === 'MODULE_NOT_FOUND' ? 'keytar is not installed' : `no build for ${platform}`;
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

/** `libsecret-1.so.0: cannot open shared object file …`, without the folders of this machine. */
function withoutPaths(text: string): string {
  return text.replace(/(?:[A-Za-z]:)?[\\/](?:[^\\/\s:]+[\\/])+/g, '');
}
