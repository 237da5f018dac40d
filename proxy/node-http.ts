/**
 * `import … from 'node:http'` reads every export of the module, and one of them is a WebSocket that
 * loads a whole HTTP client: 13 MB and 40 ms that an idle engine has no use for. Types may be imported
 * from `node:http` as usual.
 */
export const { createServer } = process.getBuiltinModule('node:http');
