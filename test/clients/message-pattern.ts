import { ERRORS } from '../../proxy/contract/errors.ts';
import type { Situation } from './scene.ts';

/**
 * Matches a text that holds the whole message of a refusal and what to do, as the error table has them, and
 * what this situation in particular has to say. Codex puts a sentence of its own behind it, without our dot.
 */
export function messagePattern({ code, says }: Situation, app: string): RegExp {
  const { message, hint } = ERRORS[code];
  const special = says ? `(?=[^]*${literal(says(app))})` : '';
  return new RegExp(`${special}${textPattern(message, app)} ${textPattern(hint, app).replace(/\\\.$/, '')}`);
}

function textPattern(template: string, app: string): string {
  return (
    template
      .split(/(\{\w+\})/)
      .map((part) => (part === '{app}' ? literal(app) : /^\{\w+\}$/.test(part) ? '[^]+' : literal(part)))
      .join('')
      // Codex shows an answer 400 as the JSON that it is.
      .replaceAll('"', '\\\\?"')
  );
}

function literal(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
}
