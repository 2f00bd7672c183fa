import { type Outbound, OutboundError } from '../clients/outbound.ts';
import { retryAfterMs } from '../clients/retry-after.ts';
import { errorMessage } from '../errors.ts';

/** A row to send, as etl.next_delivery_row gives it. */
export type Row = {
  url: string;
  position: number;
  attempt: number;
  slot: number;
  idempotency_key: string;
  body: string;
};

/** What became of a row, as etl.record_answer takes it. */
export type RowOutcome = {
  outcome: 'sent' | 'refused' | 'retry';
  status: number | null;
  answer: string | null;
  problem: string | null;
  retryAfterMs: number | null;
};

/** How much of an answer is read; etl.record_answer keeps less. */
const answerBytes = 8 * 1024;
/** Answers of the 4xx kind that ask for patience, not for another request (RFC 9110, 8470, 6585). */
const patience = new Set([408, 425, 429]);

/** Posts one row and says what the receiver made of it. Never rejects: a failure is an outcome, too. */
export async function sendRow(outbound: Outbound, row: Row, timeoutMs: number): Promise<RowOutcome> {
  let response: Response;
  try {
    response = await outbound.fetch(row.url, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'User-Agent': 'hq-master-data',
        'Idempotency-Key': row.idempotency_key,
      },
      body: row.body,
      timeoutMs,
      keepMethod: true,
    });
  } catch (error) {
    const retryable = error instanceof OutboundError && error.retryable;
    return {
      outcome: retryable ? 'retry' : 'refused',
      status: null,
      answer: null,
      problem: errorMessage(error),
      retryAfterMs: null,
    };
  }
  const { status } = response;
  const answer = await firstText(response);
  const known = { status, answer, retryAfterMs: null };
  if (response.ok) return { ...known, outcome: 'sent', problem: null };
  const problem = `The receiver answered ${status}${response.statusText ? ` ${response.statusText}` : ''}.`;
  if (status < 500 && !patience.has(status)) return { ...known, outcome: 'refused', problem };
  return {
    ...known,
    outcome: 'retry',
    problem,
    retryAfterMs: retryAfterMs(response.headers.get('retry-after')) ?? null,
  };
}

/** The beginning of the answer's text. The status has come, so an answer that breaks off is taken as far as it is. */
async function firstText(response: Response): Promise<string> {
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let text = '';
  let size = 0;
  try {
    while (reader && size < answerBytes) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.byteLength;
      text += decoder.decode(value, { stream: true });
    }
    await reader?.cancel();
  } catch {
    // What came before the break is enough to show.
  }
  // Postgres holds no zero characters.
  return text.replaceAll('\0', '');
}
