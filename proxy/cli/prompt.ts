import { AppError } from '../contract/errors.ts';

const MAX_STDIN_BYTES = 64 * 1024;
const ENTER = /[\r\n]/;
const CTRL_C = '\u0003';
const CTRL_D = '\u0004';
const BACKSPACE = /[\u0008\u007f]/;

let inputForbidden = false;

/** `--no-input`: from now on every question is an error. */
export function forbidInput(): void {
  inputForbidden = true;
}

/** Whether a person can be asked: not with `--no-input`, and not without a terminal. */
export function mayAsk(): boolean {
  return !inputForbidden && process.stdin.isTTY === true;
}

/** Whether a person waits for this command, who could answer a prompt of the system's keychain. */
export function isAttended(): boolean {
  return !inputForbidden && (process.stdin.isTTY === true || process.stderr.isTTY === true);
}

/** Reads standard input to its end. The buffer is the caller's to zero. */
export async function readStdin(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of process.stdin) {
    const buffer = Buffer.from(chunk as Uint8Array);
    bytes += buffer.length;
    if (bytes > MAX_STDIN_BYTES)
      throw new AppError('input_invalid', { problem: 'standard input is too long' });
    chunks.push(buffer);
  }
  return Buffer.concat(chunks);
}

/**
 * Asks for a secret on the terminal without showing it.
 * @param what to ask for, and how it can be given otherwise
 * @throws AppError `input_needed` when nobody may be asked
 */
export async function askSecret(question: string, what: string): Promise<string> {
  if (!mayAsk()) throw new AppError('input_needed', { what });
  const { stdin, stderr } = process;
  // Before the question: what is typed or pasted the moment it appears must not be shown either.
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  stderr.write(question);
  try {
    return await typedLine();
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    stderr.write('\n');
  }
}

function typedLine(): Promise<string> {
  const { stdin } = process;
  return new Promise((resolve, reject) => {
    let typed = '';
    const onData = (text: string): void => {
      for (const char of text) {
        if (ENTER.test(char) || char === CTRL_D) {
          stdin.off('data', onData);
          resolve(typed);
          return;
        }
        if (char === CTRL_C) {
          stdin.off('data', onData);
          reject(new AppError('input_needed', { what: 'the question was cancelled' }));
          return;
        }
        typed = BACKSPACE.test(char) ? typed.slice(0, -1) : typed + char;
      }
    };
    stdin.on('data', onData);
    // Paused by a question before this one.
    stdin.resume();
  });
}
