import type { Charge } from './bill.ts';
import { chatErrorFrame } from './chat.ts';
import { type Answer, dataFrame, jsonAnswer, type Step, type WholeAnswer } from './generation.ts';
import { textOf } from './prose.ts';
import type { Route } from './simulation.ts';
import { planTranscript, type TranscriptPlan, transcriptCharge } from './transcript-plan.ts';

/** POST /v1/audio/transcriptions */
export const createTranscription: Route = (call, simulation): Answer => {
  const plan = planTranscript(call, simulation);
  const total = plan.pieces.length;
  const charge = transcriptCharge(plan, total);
  if (!plan.stream) return wholeTranscript(plan, charge, 'transcribe', { usage: charge.usage });
  return {
    kind: 'streamed',
    generation: {
      totalOutputTokens: total,
      charge: (outputTokens) => transcriptCharge(plan, outputTokens),
      steps: () => transcriptSteps(plan, charge.usage),
      errorFrame: chatErrorFrame,
    },
  };
};

/** POST /v1/audio/translations: into English, and without any usage. */
export const createTranslation: Route = (call, simulation): Answer => {
  const plan = planTranscript(call, simulation);
  return wholeTranscript(plan, transcriptCharge(plan, plan.pieces.length), 'translate', {});
};

function wholeTranscript(
  plan: TranscriptPlan,
  charge: Charge,
  task: 'transcribe' | 'translate',
  extra: { usage?: unknown },
): WholeAnswer {
  const text = textOf(plan.pieces);
  const plain = (body: string, contentType: string): WholeAnswer => ({
    kind: 'whole',
    status: 200,
    contentType,
    body,
    charge,
  });
  switch (plan.format) {
    case 'text':
      return plain(`${text}\n`, 'text/plain; charset=utf-8');
    case 'srt':
      return plain(
        `1\n${clock(0, ',')} --> ${clock(plan.lengthS, ',')}\n${text}\n\n`,
        'text/plain; charset=utf-8',
      );
    case 'vtt':
      return plain(
        `WEBVTT\n\n${clock(0, '.')} --> ${clock(plan.lengthS, '.')}\n${text}\n\n`,
        'text/vtt; charset=utf-8',
      );
    case 'verbose_json':
      return jsonAnswer(
        {
          task,
          language: 'english',
          duration: plan.lengthS,
          text,
          segments: [
            {
              id: 0,
              seek: 0,
              start: 0,
              end: plan.lengthS,
              text,
              tokens: [],
              temperature: 0,
              avg_logprob: -0.2,
              compression_ratio: 1.2,
              no_speech_prob: 0.01,
            },
          ],
          ...extra,
        },
        charge,
      );
    default:
      return jsonAnswer({ text, ...extra }, charge);
  }
}

function* transcriptSteps(plan: TranscriptPlan, usage: unknown): Generator<Step> {
  for (const piece of plan.pieces) {
    const frame = dataFrame({ type: 'transcript.text.delta', delta: piece.text });
    yield { frame, ticks: piece.tokens, outputTokens: piece.tokens };
  }
  const text = textOf(plan.pieces);
  yield { frame: dataFrame({ type: 'transcript.text.done', text, usage }), ticks: 0, outputTokens: 0 };
}

/** `hh:mm:ss,mmm` for SRT, with a point for WebVTT. */
function clock(lengthS: number, mark: string): string {
  const ms = Math.round(lengthS * 1000);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const rest = String(ms % 1000).padStart(3, '0');
  return `${two(ms / 3_600_000)}:${two((ms / 60_000) % 60)}:${two((ms / 1000) % 60)}${mark}${rest}`;
}
