import { createGoogleGenerativeAI } from '@ai-sdk/google';
import { createOpenAI } from '@ai-sdk/openai';
import {
  APICallError,
  type FilePart,
  generateText,
  jsonSchema,
  type LanguageModel,
  NoObjectGeneratedError,
  type ModelMessage,
  Output,
  streamText,
  type ToolSet,
} from 'ai';
import { z } from 'zod';

import { retryAfterMs } from '../clients/retry-after.ts';
import { errorMessage } from '../errors.ts';
import { OutsideError } from './outside-error.ts';
import type { Called, ProviderSlots } from './slots.ts';
import type { CallRecord, Question, WebSource } from './store.ts';

export type ModelSettings = {
  /** provider:name of the model that answers where a workflow names none */
  defaultModel: string;
  googleApiKey: string | undefined;
  googleBaseUrl: string | undefined;
  openaiApiKey: string | undefined;
  openaiBaseUrl: string | undefined;
};

/** Longest time for one answer of a model; the caller's own limit is often shorter. */
const usualSeconds = 60;
const mostEvidence = 4_000;

type Usage = { inputTokens?: number | undefined; outputTokens?: number | undefined };

/** The answer that a model gave, valid under the schema that was asked for; or why it is not. */
type Attempt = { answer: unknown; sources: WebSource[] } | { problem: string; text: string };

/** Asks language models for JSON that fits a schema. */
export class Models {
  readonly #settings: ModelSettings;
  readonly #slots: ProviderSlots;
  readonly #providers: Record<
    string,
    {
      model(name: string): LanguageModel;
      key: string | undefined;
      keySetting: string;
      searchTools(): ToolSet;
    }
  >;

  constructor(settings: ModelSettings, slots: ProviderSlots) {
    this.#settings = settings;
    this.#slots = slots;
    const google = createGoogleGenerativeAI({
      apiKey: settings.googleApiKey ?? '',
      ...(settings.googleBaseUrl === undefined ? {} : { baseURL: settings.googleBaseUrl }),
    });
    const openai = createOpenAI({
      apiKey: settings.openaiApiKey ?? '',
      ...(settings.openaiBaseUrl === undefined ? {} : { baseURL: settings.openaiBaseUrl }),
    });
    this.#providers = {
      google: {
        model: (name) => google(name),
        key: settings.googleApiKey,
        keySetting: 'GEMINI_API_KEY',
        searchTools: () => ({ google_search: google.tools.googleSearch({}) }),
      },
      openai: {
        // The interface that other makers' servers speak, too.
        model: (name) => openai.chat(name),
        key: settings.openaiApiKey,
        keySetting: 'OPENAI_API_KEY',
        searchTools: () => ({}),
      },
    };
  }

  /**
   * The answer to a question. An answer that does not fit is shown to the model once, with what is wrong with it.
   * Rejects with an OutsideError, or with the reason of the signal.
   */
  async ask(
    production: string,
    question: Question,
    files: FilePart[],
    signal: AbortSignal,
  ): Promise<{ answer: unknown; model: string; sources: WebSource[] }> {
    const model = question.model ?? this.#settings.defaultModel;
    const messages: ModelMessage[] = [
      { role: 'user', content: [{ type: 'text', text: question.prompt }, ...files] },
    ];
    const first = await this.#attempt(production, model, question, messages, signal);
    if ('answer' in first) return { ...first, model };
    messages.push(
      { role: 'assistant', content: first.text.slice(0, mostEvidence) || '(empty)' },
      {
        role: 'user',
        content: `That answer cannot be used: ${first.problem}\nAnswer the same question again, with JSON that fits the schema and nothing else.`,
      },
    );
    const second = await this.#attempt(production, model, question, messages, signal);
    if ('answer' in second) return { ...second, model };
    throw new OutsideError('BADAN', `${model} gave no usable answer, nor when told so: ${second.problem}`, {
      evidence: [first, second].map(({ problem, text }) => ({ problem, text: text.slice(0, mostEvidence) })),
    });
  }

  async #attempt(
    production: string,
    model: string,
    question: Question,
    messages: ModelMessage[],
    signal: AbortSignal,
  ): Promise<Attempt> {
    const [providerName = '', name = ''] = splitModel(model);
    const provider = this.#providers[providerName];
    if (provider === undefined) {
      throw new OutsideError(
        'NOCFG',
        `The model "${model}" names no provider that is known: use google:… or openai:….`,
      );
    }
    if (!provider.key) {
      throw new OutsideError(
        'NOCFG',
        `No key for ${providerName}: set ${provider.keySetting} and try again.`,
      );
    }
    const validator = z.fromJSONSchema(question.schema as Parameters<typeof z.fromJSONSchema>[0]);
    const { temperature, max_output_tokens: maxOutputTokens, search, stream } = question.settings;
    const write = stream ? streamed : generateText;
    const seconds = question.settings.timeout_seconds ?? usualSeconds;
    return this.#slots.call<Attempt>(
      production,
      providerName,
      seconds * 1000,
      signal,
      async (abortSignal): Promise<Called<Attempt>> => {
        try {
          const { output, usage, sources } = await write({
            model: provider.model(name),
            system: question.instructions,
            messages,
            output: Output.object({
              schema: jsonSchema(question.schema, {
                validate: (value) => {
                  const parsed = validator.safeParse(value);
                  return parsed.success
                    ? { success: true, value }
                    : { success: false, error: new Error(z.prettifyError(parsed.error)) };
                },
              }),
            }),
            maxRetries: 0,
            abortSignal,
            ...(temperature === undefined ? {} : { temperature }),
            ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
            ...(search ? { tools: provider.searchTools() } : {}),
          });
          return {
            value: { answer: output, sources: sources.flatMap(webSource) },
            record: { outcome: 'ok', model, status: 200, ...tokens(usage) },
          };
        } catch (error) {
          if (!NoObjectGeneratedError.isInstance(error)) throw error;
          const problem = problemOf(error);
          return {
            value: { problem, text: error.text ?? '' },
            record: { outcome: 'invalid', model, status: 200, problem, ...tokens(error.usage) },
          };
        }
      },
      (error) => failureOf(error, model, seconds),
    );
  }
}

/**
 * As generateText, but the answer comes in pieces: a gateway that cuts idle connections does not take a model that writes
 * for minutes for a dead one. The pieces are of no use here before the answer is complete.
 */
async function streamed(
  asked: Parameters<typeof generateText>[0] & { output: ReturnType<typeof Output.object> },
) {
  let failure: Error | undefined;
  // The promises below tell no more than that there is no output; why, is told only here.
  const onError = ({ error }: { error: unknown }) => {
    failure ??= error instanceof Error ? error : new Error(JSON.stringify(error));
  };
  const answer = streamText({ ...asked, onError });
  try {
    await answer.consumeStream();
    if ((await answer.rawFinishReason) === undefined) {
      throw new Error('the stream ended before the answer did');
    }
    return { output: await answer.output, usage: await answer.usage, sources: await answer.sources };
  } catch (error) {
    asked.abortSignal?.throwIfAborted();
    throw failure ?? error;
  }
}

/** The pages that grounding names; files and others are none. */
function webSource(source: { sourceType: string; url?: string; title?: string | undefined }): WebSource[] {
  if (source.sourceType !== 'url' || source.url === undefined) return [];
  return [{ url: source.url, ...(source.title === undefined ? {} : { title: source.title }) }];
}

function splitModel(model: string): string[] {
  const colon = model.indexOf(':');
  return colon < 0 ? [] : [model.slice(0, colon), model.slice(colon + 1)];
}

function tokens(usage: Usage | undefined): Pick<CallRecord, 'inputTokens' | 'outputTokens'> {
  return { inputTokens: usage?.inputTokens, outputTokens: usage?.outputTokens };
}

function problemOf(error: NoObjectGeneratedError): string {
  const causes: string[] = [];
  for (let cause: unknown = error.cause; cause instanceof Error; cause = cause.cause)
    causes.push(cause.message);
  const reason = causes.at(-1) ?? error.message;
  return error.finishReason === 'stop' || error.finishReason === undefined
    ? reason
    : `${reason} (the model stopped for the reason "${error.finishReason}")`;
}

function failureOf(
  error: unknown,
  model: string,
  seconds: number,
): { failure: OutsideError; record: Partial<CallRecord> } {
  if (APICallError.isInstance(error)) {
    const status = error.statusCode;
    const reason =
      status === undefined ? errorMessage(error.cause ?? error) : `status ${status}: ${error.message}`;
    // 200: an answer that broke off or is not the provider's format.
    const transient =
      status === undefined ||
      status === 200 ||
      status === 408 ||
      status === 409 ||
      status === 429 ||
      status >= 500;
    return {
      failure: new OutsideError(
        status === 401 || status === 403 ? 'NOCFG' : 'OUTFL',
        `${model} did not answer (${reason}).`,
        {
          transient,
          retryAfterMs: retryAfterMs(error.responseHeaders?.['retry-after']),
          evidence: error.responseBody?.slice(0, mostEvidence),
        },
        { cause: error },
      ),
      record: { model, status },
    };
  }
  if (error instanceof Error && /^(TimeoutError|AbortError)$/.test(error.name)) {
    return {
      failure: new OutsideError('OUTTM', `${model} did not answer within ${seconds} seconds.`, {
        transient: true,
      }),
      record: { model },
    };
  }
  // What the library throws for an answer that is not its provider's format, or a connection that broke half way.
  return {
    failure: new OutsideError(
      'OUTFL',
      `The answer of ${model} cannot be read (${errorMessage(error)}).`,
      { transient: true },
      { cause: error },
    ),
    record: { model },
  };
}
