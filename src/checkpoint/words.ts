/** Words of a module's own name: `SelfAttention_0` and `self-attention.0` both say self, attention. */
export function wordsOf(name: string): readonly string[] {
  // Nobody names a layer with more letters; what is longer is no name but a load.
  const short = name.length > MOST_LETTERS ? name.slice(0, MOST_LETTERS) : name;
  return short
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '' && !NUMBER.test(word))
    .map((word) => word.replace(/(?<=[a-z]{2})\d+$/, ''));
}

const MOST_LETTERS = 200;
const NUMBER = /^\d+$/;

/** Words of what tells a network where a token or a pixel is. */
export const POSITION = /^(?:pos|position|positions|positional|wpe|rpb|posembed|pe|rope|freqs|rel|relative|cpb|alibi)$/;

/**
 * Names that say nothing of what a layer is for: wrappers of frameworks, places in a list, and the layer itself
 * (`to_out.0`, `qkv.conv`, `q_proj.base_layer`, `vars`).
 */
const SILENT: ReadonlySet<string> = new Set([
  '_orig_mod',
  'module',
  'base_layer',
  'original_module',
  'modules_to_save',
  'default',
  'c',
  'conv',
  'linear',
  'layer',
  'vars',
  'kernel',
  'weight',
  '_fsdp_wrapped_module',
  '_checkpoint_wrapped_module',
]);

/** True for a name that leaves the telling to the module around it. */
export function isSilent(name: string): boolean {
  return SILENT.has(name) || /^\d+$/.test(name);
}
