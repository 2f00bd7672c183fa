import type { Producer } from '../produce/producer.ts';
import type { AppContext } from './context.ts';
import { Problem } from './problems.ts';
import type { Workflow } from './registry.ts';
import { readBytes } from './request-body.ts';

/**
 * The JSON body that a form with files stands for: each file is kept and its field becomes
 * {attachment, filename, content_type, size_bytes}, every other field is text.
 */
export async function uploadedBody(c: AppContext, producer: Producer, workflow: Workflow): Promise<string> {
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
      attachment: await producer.store.keepAttachment(content, contentType),
      filename: value.name,
      content_type: contentType,
      size_bytes: content.byteLength,
    };
  }
  return JSON.stringify(body);
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
