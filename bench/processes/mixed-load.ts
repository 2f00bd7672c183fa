import { variedExample } from '../catalogue-payloads.ts';
import { type Sending, type Sent, send } from '../send.ts';
import { answer } from './child.ts';

/** Load for some seconds with the examples of workflows in turn, of records from `first` on. */
export type MixedLoad = Sending & { first: number; workflows: { path: string; example: string }[] };

answer<MixedLoad, Sent>({}, ({ first, workflows, ...sending }) =>
  send(sending, (n) => {
    const { path, example } = workflows[n % workflows.length] as MixedLoad['workflows'][number];
    const round = Math.floor(n / workflows.length);
    // Eight companies and people are in turn at a time, and each gets every workflow.
    return { path, body: variedExample(example, first + Math.floor(round / 8) * 8 + ((n + round) % 8)) };
  }),
);
