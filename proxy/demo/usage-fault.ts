import type { UsageFault } from './faults.ts';

/**
 * Falsifies the usage block in an answer's text, as text: what a broken upstream sends need not be JSON.
 * Returns the texts to send instead; none where an event existed for the usage alone and it is missing.
 */
export function falsifyUsage(text: string, usage: unknown, as: UsageFault): readonly string[] {
  const block = `"usage":${JSON.stringify(usage)}`;
  const at = text.indexOf(block);
  if (usage === null || at < 0) return [text];
  const put = (replacement: string): string =>
    text.slice(0, at) + replacement + text.slice(at + block.length);
  switch (as) {
    case 'missing':
      return text.includes('"choices":[]')
        ? []
        : [put('').replace(/,,|,(?=\})/g, (mark) => (mark === ',,' ? ',' : ''))];
    case 'null':
      return [put('"usage":null')];
    case 'twice':
      return text.startsWith('{') ? [put(`${block},${block}`)] : [text, text];
    default:
      return [put(block.replace(/:(\d+)/g, (_whole, digits: string) => `:${falseNumber(digits, as)}`))];
  }
}

function falseNumber(digits: string, as: Exclude<UsageFault, 'missing' | 'null' | 'twice'>): string {
  switch (as) {
    case 'zero':
      return '0';
    case 'negative':
      return `-${Number(digits) + 1}`;
    case 'float':
      return `${digits}.5`;
    case 'string':
      return `"${digits}"`;
    case 'nan':
      return 'NaN';
    case 'infinite':
      return '1e999';
    case 'absurd':
      return '9223372036854775808';
    case 'above-bound':
      return String(Number(digits) * 1000 + 1_000_000);
    default:
      throw new TypeError(`Unknown usage fault: ${String(as)}`);
  }
}
