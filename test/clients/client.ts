/** Where a client is pointed at, as a person would do it. */
export interface Target {
  /** `http://127.0.0.1:PORT/v1` */
  readonly baseUrl: string;
  /** What goes where the key goes. */
  readonly token: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What is asked; every client has defaults for the rest. */
export interface Question {
  readonly model?: string;
  readonly prompt?: string;
  /** The end user it is asked for, in the header `x-tollgate-user`. */
  readonly user?: string;
}

export type Call = (target: Target, question: Question) => Promise<string>;

/**
 * What a client offers its users, each resolving to the text of the answer, or failing as the client fails.
 * What it does not offer is not there.
 */
export interface Calls {
  /** An answer as a whole, by the endpoint that the client takes by itself. */
  readonly ask: Call;
  readonly askChat?: Call;
  readonly askResponses?: Call;
  readonly streamChat?: Call;
  readonly streamResponses?: Call;
  /** A conversation in which the model calls a function, which gets its result. */
  readonly useTool?: Call;
  /** Resolves to how many numbers came back. */
  readonly embed?: Call;
  /** Goes on from a response that is not this app's. */
  readonly continueForeign?: Call;
  /** Asks for a tool that OpenAI would run any number of times. */
  readonly askUnbounded?: Call;
  readonly askTooMuch?: Call;
  readonly mintCredential?: Call;
  readonly listFiles?: Call;
  readonly getUnknownRoute?: Call;
  readonly deleteModels?: Call;
  readonly getSocketRoute?: Call;
  readonly sendBadField?: Call;
}
export type CallName = keyof Calls;

/** How a call failed, as far as a program or a person sees it. */
export interface Failure {
  /** The class a program catches, or how the process ended. */
  readonly kind: string;
  readonly status: number | null;
  readonly message: string;
}

/** What Tollgate's answer says about trying again. */
export interface RetryAdvice {
  readonly status: number;
  readonly retry: 'never' | 'later' | undefined;
  readonly isQuota: boolean;
}

export interface Client {
  readonly name: string;
  /** The npm package, with its version. */
  readonly version: string;
  /** Why it cannot run on this machine; null where it can. */
  readonly unavailable: string | null;
  readonly calls: Calls;
  readFailure(error: unknown): Failure;
  /** How many requests it makes of one that is always refused like this, with its default settings. */
  attempts(advice: RetryAdvice): number;
  /** What it shows in place of Tollgate's message; null where it shows that. */
  hides(advice: RetryAdvice): RegExp | null;
}

export const MODEL = 'gpt-5.4-mini';
export const EMBEDDING_MODEL = 'text-embedding-3-small';
/** Looks like a response, and is nobody's here. */
export const FOREIGN_RESPONSE = 'resp_0123456789abcdef0123456789abcdef';
/** Above what the proxy takes in one body. */
export const TOO_MUCH = 65 * 1024 * 1024;

export const headersOf = (target: Target, { user }: Question): Record<string, string> => ({
  ...target.headers,
  ...(user === undefined ? {} : { 'x-tollgate-user': user }),
});

/** Of the packages that are installed here, not of those asked for. */
export function nameOfClass(error: unknown): string {
  return error instanceof Error ? error.constructor.name : typeof error;
}
