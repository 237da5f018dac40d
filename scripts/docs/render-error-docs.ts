import { ERROR_CODES, ERRORS } from '../../proxy/contract/errors.ts';

const INTRO = `# Errors

Every error Tollgate itself gives. This page is built from \`proxy/contract/errors/\` by \`npm run docs:build\`, and a
test keeps the two in step.

- **On the data plane** an error has OpenAI's shape, \`{"error": {"message", "type", "param", "code"}}\`, and the header
  \`x-tollgate-error\` with the code below, so nobody mistakes it for OpenAI's. The message ends with what to do.
  Where "OpenAI code" is empty, \`error.code\` is the code itself; \`error.type\` is \`invalid_request_error\` unless
  another is named (\`tokens\` where a rate of tokens is exceeded). Retry \`never\` sends \`x-should-retry: false\`; \`later\`
  sends \`retry-after\` and \`retry-after-ms\`. A stream that has begun ends with the error as its last event.
- **On the terminal** it is two lines, \`tollgate: error: …\` and \`hint: …\`, or with \`--json\` one object on stderr:
  \`{"error": {"code", "message", "hint"}}\`.

What OpenAI answers itself is passed on as it came, without \`x-tollgate-error\`.

| Code | Status | OpenAI type | OpenAI code | Retry | Message | What to do |
|---|---|---|---|---|---|---|
`;

/** The text of docs/errors.md. */
export function renderErrorDocs(): string {
  const rows = ERROR_CODES.map((code) => {
    const { status, type, openaiCode, retry, message, hint } = ERRORS[code];
    const cells = [
      asCode(code),
      String(status),
      asCode(type),
      asCode(openaiCode),
      retry ?? '',
      message,
      hint,
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |\n`;
  });
  return INTRO + rows.join('');
}

function asCode(text: string | undefined): string {
  return text === undefined ? '' : `\`${text}\``;
}
