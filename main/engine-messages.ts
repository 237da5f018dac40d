import { z } from 'zod';

/** What the main process tells the engine process. */
export const engineOrderSchema = z.object({ kind: z.literal('stop') });
export type EngineOrder = z.infer<typeof engineOrderSchema>;

/** Something that the user is told of: a code of the error table, or `internal_error`. */
export const engineProblemSchema = z.object({
  code: z.string(),
  message: z.string(),
  hint: z.string(),
});
export type EngineProblem = z.infer<typeof engineProblemSchema>;

/** What the engine process tells the main process. Everything else goes over the control socket. */
export const engineReportSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready') }),
  z.object({ kind: z.literal('failed'), problem: engineProblemSchema }),
]);
export type EngineReport = z.infer<typeof engineReportSchema>;
