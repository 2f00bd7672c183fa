import { createHash } from 'node:crypto';

import type { AppContext } from './context.ts';
import { Problem } from './problems.ts';
import type { Workflow } from './registry.ts';
import { readBytes } from './request-body.ts';

/** A file of a form, which is kept once its body is accepted. */
export type UploadedFile = { content: Uint8Array; contentType: string };

/**
 * The JSON body that a form with files stands for: the field of a file becomes {attachment: its SHA-256, filename,
 * content_type, size_bytes}, every other field is text.
 */
export async function uploadedBody(
  c: AppContext,
  workflow: Workflow,
): Promise<{ text: string; files: UploadedFile[] }> {
  const files: UploadedFile[] = [];
  const bytes = await readBytes(c, workflow.maxBodyBytes);
  const body: Record<string, unknown> = {};
  for (const [name, value] of await formOf(new Uint8Array(bytes), c.req.header('content-type') ?? '')) {
    if (typeof value === 'string') {
      body[name] = value;
      continue;
    }
    const content = new Uint8Array(await value.arrayBuffer());
    const contentType = value.type === '' ? 'application/octet-stream' : value.type;
    body[name] = {
      attachment: createHash('sha256').update(content).digest('hex'),
      filename: value.name,
      content_type: contentType,
      size_bytes: content.byteLength,
    };
    files.push({ content, contentType });
  }
  return { text: JSON.stringify(body), files };
}

async function formOf(bytes: Uint8Array<ArrayBuffer>, contentType: string): Promise<FormData> {
  try {
    return await new Response(bytes, { headers: { 'Content-Type': contentType } }).formData();
  } catch (error) {
    throw new Problem(
      'bad-request',
      'The form cannot be read as multipart/form-data.',
      {},
      {},
      { cause: error },
    );
  }
}
