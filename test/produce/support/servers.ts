import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export type LocalServer = AsyncDisposable & {
  /** without a slash at the end */
  url: string;
  /** what was asked, in order */
  requests: { method: string; path: string; headers: IncomingMessage['headers']; body: string; at: number }[];
};

/** An HTTP server on 127.0.0.1 that notes every request. */
export async function startServer(
  handle: (request: LocalServer['requests'][number], response: ServerResponse) => void | Promise<void>,
): Promise<LocalServer> {
  const requests: LocalServer['requests'] = [];
  const server: Server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const request = {
        method: incoming.method ?? '',
        path: incoming.url ?? '',
        headers: incoming.headers,
        body: Buffer.concat(chunks).toString('utf8'),
        at: performance.now(),
      };
      requests.push(request);
      void handle(request, response);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** One answer of a model server. */
export type Reply =
  | { json: unknown; inputTokens?: number; outputTokens?: number; grounding?: unknown }
  | { text: string }
  | { status: number; headers?: Record<string, string>; body?: unknown }
  | { raw: string }
  /** a stream of server-sent events, whatever was asked for; `open`: it never ends */
  | { events: unknown[]; open?: boolean }
  | { cut: true }
  | { afterMs: number; then: Reply };

/** What a model was asked, however the provider writes it. */
export type Asked = {
  model: string;
  instructions: string;
  prompt: string;
  schema: unknown;
  tools: unknown;
};

export type ModelServer = LocalServer & { asked: Asked[] };

/**
 * A server that speaks as the Gemini API (generateContent) does under /gemini, and as the OpenAI API (chat
 * completions) does under /openai, in one piece or streamed, as it is asked. `answer` decides; an array is answered in order, its last entry again and again.
 */
export async function startModels(
  answer: Reply[] | ((asked: Asked, number: number) => Reply),
): Promise<ModelServer> {
  const asked: Asked[] = [];
  const decide = (question: Asked, number: number): Reply =>
    Array.isArray(answer) ? (answer[Math.min(number, answer.length - 1)] as Reply) : answer(question, number);
  const server = await startServer(async ({ path, body }, response) => {
    const isGemini = path.startsWith('/gemini/');
    const question = isGemini ? geminiQuestion(path, body) : openaiQuestion(body);
    asked.push(question);
    let reply = decide(question, asked.length - 1);
    while ('afterMs' in reply) {
      await new Promise((resolve) => setTimeout(resolve, (reply as { afterMs: number }).afterMs));
      reply = reply.then;
    }
    const isStreamed = isGemini ? path.includes(':streamGenerateContent?alt=sse') : isStreamedByOpenai(body);
    if ('events' in reply) {
      sendEvents(response, reply.events, reply.open);
      return;
    }
    if ('cut' in reply) {
      if (isStreamed) {
        sendEvents(response, isGemini ? [geminiPiece('{"pricing_')] : [openaiPiece('{"pricing_')], true);
        await new Promise((resolve) => setTimeout(resolve, 50));
      } else {
        response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '5000' });
        response.write('{"candidates": [');
      }
      response.socket?.destroySoon();
      return;
    }
    if ('raw' in reply) {
      response.writeHead(200, { 'Content-Type': 'application/json' }).end(reply.raw);
      return;
    }
    if ('status' in reply) {
      response
        .writeHead(reply.status, { 'Content-Type': 'application/json', ...reply.headers })
        .end(JSON.stringify(reply.body ?? { error: { code: reply.status, message: 'no', status: 'NO' } }));
      return;
    }
    const text = 'json' in reply ? JSON.stringify(reply.json) : reply.text;
    const tokens =
      'json' in reply
        ? { in: reply.inputTokens ?? 1000, out: reply.outputTokens ?? 50 }
        : { in: 1000, out: 50 };
    if (isStreamed) {
      const middle = Math.ceil(text.length / 2);
      const pieces = [text.slice(0, middle), text.slice(middle)];
      const grounding = 'grounding' in reply ? reply.grounding : undefined;
      sendEvents(
        response,
        isGemini
          ? [...pieces.map(geminiPiece), geminiAnswer('', tokens, grounding)]
          : [...pieces.map(openaiPiece), ...openaiEnd(tokens)],
      );
      return;
    }
    response
      .writeHead(200, { 'Content-Type': 'application/json' })
      .end(
        JSON.stringify(
          isGemini
            ? geminiAnswer(text, tokens, 'grounding' in reply ? reply.grounding : undefined)
            : openaiAnswer(text, tokens),
        ),
      );
  });
  return Object.assign(server, { asked });
}

function sendEvents(response: ServerResponse, events: unknown[], open = false): void {
  response.writeHead(200, { 'Content-Type': 'text/event-stream' });
  for (const event of events) {
    response.write(`data: ${typeof event === 'string' ? event : JSON.stringify(event)}\r\n\r\n`);
  }
  if (!open) response.end();
}

function isStreamedByOpenai(body: string): boolean {
  return (JSON.parse(body) as { stream?: boolean }).stream === true;
}

function geminiPiece(text: string) {
  return { candidates: [{ content: { role: 'model', parts: [{ text }] }, index: 0 }] };
}

function openaiPiece(content: string) {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1_760_000_000,
    model: 'gpt-4o-mini',
    choices: [{ index: 0, delta: { role: 'assistant', content }, finish_reason: null }],
  };
}

function openaiEnd(tokens: { in: number; out: number }): unknown[] {
  const { usage } = openaiAnswer('', tokens);
  return [
    { ...openaiPiece(''), choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] },
    { ...openaiPiece(''), choices: [], usage },
    '[DONE]',
  ];
}

function geminiQuestion(path: string, body: string): Asked {
  const sent = JSON.parse(body) as {
    systemInstruction?: { parts: { text: string }[] };
    contents: { parts: { text: string }[] }[];
    tools?: unknown;
    generationConfig?: { responseSchema?: unknown; responseJsonSchema?: unknown };
  };
  return {
    model: /models\/([^:]+):(?:g|streamG)enerateContent/.exec(path)?.[1] ?? '',
    instructions: sent.systemInstruction?.parts.map(({ text }) => text).join('\n') ?? '',
    prompt: sent.contents.flatMap(({ parts }) => parts.map(({ text }) => text)).join('\n'),
    schema: sent.generationConfig?.responseSchema ?? sent.generationConfig?.responseJsonSchema,
    tools: sent.tools,
  };
}

function openaiQuestion(body: string): Asked {
  const sent = JSON.parse(body) as {
    model: string;
    messages: { role: string; content: string | { text: string }[] }[];
    response_format?: { json_schema?: { schema: unknown } };
  };
  const textOf = (content: string | { text: string }[]) =>
    typeof content === 'string' ? content : content.map(({ text }) => text).join('\n');
  const [instructions, ...rest] = sent.messages;
  return {
    model: sent.model,
    instructions: instructions ? textOf(instructions.content) : '',
    prompt: rest.map(({ content }) => textOf(content)).join('\n'),
    schema: sent.response_format?.json_schema?.schema,
    tools: undefined,
  };
}

function geminiAnswer(text: string, tokens: { in: number; out: number }, groundingMetadata?: unknown) {
  return {
    candidates: [
      {
        content: { role: 'model', parts: [{ text }] },
        finishReason: 'STOP',
        index: 0,
        safetyRatings: [],
        ...(groundingMetadata === undefined ? {} : { groundingMetadata }),
      },
    ],
    usageMetadata: {
      promptTokenCount: tokens.in,
      candidatesTokenCount: tokens.out,
      totalTokenCount: tokens.in + tokens.out,
    },
    modelVersion: 'gemini-3-flash-preview',
    responseId: 'r1',
  };
}

function openaiAnswer(text: string, tokens: { in: number; out: number }) {
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 1_760_000_000,
    model: 'gpt-4o-mini',
    choices: [{ index: 0, message: { role: 'assistant', content: text }, finish_reason: 'stop' }],
    usage: {
      prompt_tokens: tokens.in,
      completion_tokens: tokens.out,
      total_tokens: tokens.in + tokens.out,
    },
  };
}

/** A small website: what it holds by path. Everything else is not found. */
export async function startWebsite(
  pages: Record<
    string,
    | string
    | {
        status?: number;
        headers?: Record<string, string>;
        body?: string;
        afterMs?: number;
        etag?: string;
      }
  >,
): Promise<LocalServer> {
  return startServer(async ({ path, headers }, response) => {
    const page = pages[path];
    if (page === undefined) {
      response.writeHead(404, { 'Content-Type': 'text/html' }).end('<p>not found</p>');
      return;
    }
    const {
      status = 200,
      headers: more = {},
      body = '',
      afterMs = 0,
      etag,
    } = typeof page === 'string' ? { body: page } : page;
    if (afterMs > 0) await new Promise((resolve) => setTimeout(resolve, afterMs));
    if (etag !== undefined && headers['if-none-match'] === etag) {
      response.writeHead(304, { ETag: etag }).end();
      return;
    }
    response
      .writeHead(status, {
        'Content-Type': 'text/html; charset=utf-8',
        ...(etag === undefined ? {} : { ETag: etag }),
        ...more,
      })
      .end(body);
  });
}

export const pricingPage = `<!doctype html>
<html><head><title>Pricing | Acme</title><meta name="description" content="What rockets cost."></head>
<body>
  <nav><a href="/">Home</a> <a href="/demo" class="button">Book a demo</a></nav>
  <script>var secret = "never shown";</script>
  <h1>Pricing</h1>
  <div><h2>Starter</h2><p>$10 per user per month</p><button>Start free trial</button></div>
  <div><h2>Enterprise</h2><p>Let us talk</p><input type="submit" value="Contact sales"></div>
  <footer><a href="https://acme.example/terms">Terms</a></footer>
</body></html>`;
