/** The body OpenAI puts under `error`; SDKs read exactly these four fields. */
export interface OpenAiErrorBody {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
}

/** A refusal in OpenAI's words. Thrown while a request is read; nothing has run and nothing is billed. */
export class OpenAiError extends Error {
  readonly status: number;
  readonly body: OpenAiErrorBody;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: OpenAiErrorBody, headers: Readonly<Record<string, string>> = {}) {
    super(body.message);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

export function invalidRequest(
  message: string,
  param: string | null = null,
  code: string | null = null,
  status = 400,
): OpenAiError {
  return new OpenAiError(status, { message, type: 'invalid_request_error', param, code });
}

export function modelNotFound(model: string): OpenAiError {
  return invalidRequest(
    `The model \`${model}\` does not exist or you do not have access to it.`,
    null,
    'model_not_found',
    404,
  );
}

export function unknownUrl(method: string, path: string): OpenAiError {
  return invalidRequest(`Invalid URL (${method} ${path})`, null, null, 404);
}

export function missingKey(): OpenAiError {
  return invalidRequest(
    "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY), or as the password field (with blank username) if you're accessing the API from your browser and are prompted for a username and password. You can obtain an API key from https://platform.openai.com/account/api-keys.",
    null,
    null,
    401,
  );
}

/** OpenAI echoes the first eight and the last four characters of a wrong key: a proxy must not pass that on. */
export function wrongKey(key: string): OpenAiError {
  return invalidRequest(
    `Incorrect API key provided: ${maskKey(key)}. You can find your API key at https://platform.openai.com/account/api-keys.`,
    null,
    'invalid_api_key',
    401,
  );
}

/** A mistake of the simulation, such as a price it lacks: told to whoever tests with it. */
export function internalError(cause: unknown): OpenAiError {
  const message = cause instanceof Error ? cause.message : String(cause);
  return new OpenAiError(500, {
    message: `Simulation: ${message}`,
    type: 'server_error',
    param: null,
    code: null,
  });
}

function maskKey(key: string): string {
  if (key.length <= 12) return '*'.repeat(key.length);
  return `${key.slice(0, 8)}${'*'.repeat(key.length - 12)}${key.slice(-4)}`;
}
