import { type Client, type ModelOverview, type ModelViewApi, RemoteError } from '../../src/protocol';
import { allRows } from '../common/allRows';
import { blockTree, type ProfileContent } from './profileIndex';
import { t } from './strings';

/** How much of the long lists is here. */
export interface Received {
  /** 0 to 1. */
  readonly part: number;
  /** Why the rest does not come; `null` where nothing went wrong. */
  readonly error: unknown;
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
