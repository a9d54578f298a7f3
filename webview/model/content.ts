import { type Client, type ModelOverview, type ModelViewApi, RemoteError, type Slice } from '../../src/protocol';
import { blockTree, type ProfileContent } from './profileIndex';
import { t } from './strings';

/** How much of the long lists is here. */
export interface Received {
  /** 0 to 1. */
  readonly part: number;
  /** Why the rest does not come; `null` where nothing went wrong. */
  readonly error: unknown;
}

/** All slices of a list, one after the other, so that what a person asks for meanwhile is answered in between. */
export async function allRows<Row>(
  ask: (from: number) => Promise<Slice<Row>>,
  received: (rows: number) => void = () => {},
): Promise<readonly Row[]> {
  const all: Row[] = [];
  for (let from: number | null = 0; from !== null; ) {
    const { rows, next }: Slice<Row> = await ask(from);
    for (const row of rows) all.push(row);
    received(all.length);
    // A list that does not go on has come to its end.
    from = next !== null && next > from ? next : null;
  }
  return all;
}

/** Nodes and blocks of the profile that `overview` was made of. */
export async function fetchContent(
  api: Client<ModelViewApi>,
  { lengths }: ModelOverview,
  signal: AbortSignal,
  received: (part: number) => void,
): Promise<ProfileContent> {
  const whole = Math.max(1, lengths.nodes + lengths.blocks);
  const nodes = await allRows(
    (from) => api.nodeRows({ from }, { signal }),
    (count) => received(count / whole),
  );
  const blocks = await allRows(
    (from) => api.blockRows({ from }, { signal }),
    (count) => received((lengths.nodes + count) / whole),
  );
  if (nodes.length !== lengths.nodes || blocks.length !== lengths.blocks)
    throw new RemoteError({ kind: 'UserError', message: t.changedMeanwhile });
  return { nodes, blocks: blockTree(blocks, nodes) };
}
