import { once } from 'node:events';
import type { Readable } from 'node:stream';

import { Busboy } from '@fastify/busboy';
import postgres from 'postgres';

import type { Sql } from '../database/connect.ts';
import type { Outbound } from '../clients/outbound.ts';
import { receiveFile } from '../deliver/receive.ts';
import { FileProblem } from '../deliver/table-file.ts';
import { checkBody } from './check-body.ts';
import { type AppContext, answerJson, unprocessable } from './context.ts';
import { destinationRefusal } from './destination.ts';
import { Problem } from './problems.ts';
import type { Workflow, WorkflowRegistry } from './registry.ts';

/** An upload that stands still for this long is given up, as it holds a transaction. */
const idleMs = 60_000;
const mostFieldBytes = 64 * 1024;

type Upload = {
  /** the part named `file` as soon as it begins; undefined when the form ends without one */
  file: Promise<Readable | undefined>;
  /** the text fields that have come so far */
  fields: Record<string, string>;
  /** resolves when the whole form has come */
  ended: Promise<unknown>;
  /** stops reading; what has not come yet is left to the server */
  close(): void;
};

export type UploadParts = { sql: Sql; outbound: Outbound; registry: WorkflowRegistry };

/** Whether the body is a form with files. */
export function isUpload(c: AppContext): boolean {
  return /^multipart\/form-data\s*(;|$)/i.test(c.req.header('content-type') ?? '');
}

/** Handles a form with a file for a workflow that takes one: makes the delivery while the file comes, and answers. */
export async function runUpload(
  c: AppContext,
  { sql, outbound, registry }: UploadParts,
  workflow: Workflow,
): Promise<Response> {
  if (!workflow.takesFile) {
    throw new Problem('unsupported-media-type', `"${workflow.path}" takes no files: send application/json.`);
  }
  if (c.req.header('idempotency-key') !== undefined || c.req.query('dry_run') !== undefined) {
    throw unprocessable([
      { detail: 'Idempotency-Key and dry_run go with JSON bodies, not with an uploaded file.' },
    ]);
  }
  const upload = openUpload(c);
  try {
    const file = await upload.file;
    if (file === undefined) throw unprocessable([{ pointer: '/file', detail: 'is required' }]);
    // Known early where the fields stand before the file, as in most forms: then nothing is read in vain.
    await refuseDestination(outbound, workflow, upload.fields);
    const made = await receiveFile(sql, workflow.slug, file, async () => {
      await upload.ended;
      const { fields } = upload;
      const refusal = checkBody(fields, JSON.stringify(fields), registry.validator(workflow));
      if (refusal) throw refusal;
      await refuseDestination(outbound, workflow, fields);
      return fields;
    });
    return answerJson(c, 200, JSON.stringify(made));
  } catch (error) {
    throw uploadProblem(error);
  } finally {
    upload.close();
  }
}

async function refuseDestination(outbound: Outbound, workflow: Workflow, fields: object): Promise<void> {
  const refusal = await destinationRefusal(outbound, workflow, fields);
  if (refusal) throw refusal;
}

function uploadProblem(error: unknown): unknown {
  if (error instanceof FileProblem) return unprocessable([{ pointer: '/file', detail: error.message }]);
  if (error instanceof postgres.PostgresError && error.code === 'BADRQ') {
    const pointer = error.detail === '/rows' ? '/file' : error.detail;
    return unprocessable([{ pointer, detail: error.message }], 'BADRQ');
  }
  return error;
}

function openUpload(c: AppContext): Upload {
  const file = Promise.withResolvers<Readable | undefined>();
  const ended = Promise.withResolvers<undefined>();
  // Whoever is not waited for must not end the process.
  file.promise.catch(() => undefined);
  ended.promise.catch(() => undefined);
  const fields: Record<string, string> = {};
  const stopping = new AbortController();
  let open: Readable | undefined;

  function fail(error: unknown): void {
    open?.destroy(error as Error);
    file.reject(error);
    ended.reject(error);
    stopping.abort();
  }
  const malformed = (error: unknown) =>
    fail(new Problem('bad-request', `The form cannot be read: ${(error as Error).message}.`));

  let parser: Busboy;
  try {
    parser = new Busboy({
      headers: { 'content-type': c.req.header('content-type') ?? '' },
      limits: { files: 2, fields: 50, fieldSize: mostFieldBytes, fieldNameSize: 200 },
    });
  } catch (error) {
    throw new Problem('bad-request', `The form cannot be read: ${(error as Error).message}.`);
  }
  parser.on('field', (name, value, _isNameCut, isCut) => {
    if (isCut)
      fail(unprocessable([{ pointer: `/${name}`, detail: `is longer than ${mostFieldBytes} bytes` }]));
    else fields[name] = value;
  });
  parser.on('file', (name, stream) => {
    if (name !== 'file' || open !== undefined) {
      stream.resume();
      fail(
        unprocessable([
          { pointer: `/${name}`, detail: 'is a file that is not taken: send one, in the field "file"' },
        ]),
      );
      return;
    }
    open = stream;
    // Without a listener an error would end the process before anyone reads.
    stream.on('error', () => undefined);
    file.resolve(stream);
  });
  parser.on('finish', () => {
    file.resolve(undefined);
    ended.resolve(undefined);
  });
  parser.on('error', malformed);

  async function feed(): Promise<void> {
    const source =
      c.env?.incoming?.iterator({ destroyOnReturn: false }) ??
      (c.req.raw.body as AsyncIterable<Uint8Array> | null);
    const idle = setTimeout(
      () => fail(new Problem('bad-request', `Nothing more of the form came for ${idleMs / 1000} seconds.`)),
      idleMs,
    );
    try {
      for await (const chunk of source ?? []) {
        if (stopping.signal.aborted) return;
        idle.refresh();
        if (!parser.write(chunk)) await once(parser, 'drain', { signal: stopping.signal });
      }
      parser.end();
    } finally {
      clearTimeout(idle);
    }
  }
  feed().catch((error: unknown) => {
    if (stopping.signal.aborted) return;
    fail(
      new Problem(
        'bad-request',
        'The connection ended before the whole form had come.',
        {},
        {},
        { cause: error },
      ),
    );
  });

  return { file: file.promise, fields, ended: ended.promise, close: () => stopping.abort() };
}
