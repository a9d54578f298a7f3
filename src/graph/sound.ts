import type { FunctionDefinition, Graph } from '../model';
import { wiringOf } from './wiring';

/** Marks values by name; false where one has none, or is marked already. */
function markAll(names: Iterable<string>, value: (name: string) => number, marks: Uint8Array): boolean {
  for (const name of names) {
    const number = value(name);
    if (number < 0 || marks[number] === 1) return false;
    marks[number] = 1;
  }
  return true;
}

/**
 * True for a graph, or a function's body, of which nothing has to be said: no node has bodies, every name is given or made
 * once, whatever is read or handed out is one of them, and nodes stand in an order in which values are made before they
 * are read. False says nothing yet. Linear, by number.
 */
export function isSound(body: Graph | FunctionDefinition): boolean {
  const { fileOrder, inputs, outputs, reads, values, value } = wiringOf(body);
  if (fileOrder !== null || reads !== inputs) return false;
  const given = new Uint8Array(values.length);
  const isGraph = 'initializers' in body;
  if (!markAll(isGraph ? body.inputs.map(({ name }) => name) : body.inputs, value, given)) return false;
  if (isGraph) {
    // A constant may be the default of an input.
    const constant = new Uint8Array(values.length);
    const names = [...body.initializers, ...body.sparseInitializers].map(({ name }) => name);
    if (!markAll(names, value, constant)) return false;
    for (let at = 0; at < given.length; at++) given[at] = (given[at] as number) | (constant[at] as number);
  }
  for (let at = 0; at < outputs.items.length; at++) {
    const made = outputs.items[at] as number;
    if (made < 0) continue;
    if (given[made] === 1) return false;
    given[made] = 1;
  }
  for (let at = 0; at < inputs.items.length; at++) {
    const read = inputs.items[at] as number;
    if (read >= 0 && given[read] === 0) return false;
  }
  const handedOut = isGraph ? body.outputs.map(({ name }) => name) : body.outputs;
  return handedOut.every((name) => name === '' || given[value(name)] === 1);
}
