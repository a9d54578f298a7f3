import type { FunctionDefinition } from '../../model';
import type { FindingList } from '../findings';
import { allNodes } from './subgraphs';

/** A function must be defined once, and must not call itself, not even by way of others. */
export function checkFunctionCalls(functions: readonly FunctionDefinition[], findings: FindingList): void {
  const byKey = new Map<string, FunctionDefinition>();
  for (const definition of functions) {
    const key = keyOf(definition.domain, definition.name, definition.overload);
    if (byKey.has(key)) findings.error('duplicate-function', `The model defines the function ${definition.name} twice.`);
    else byKey.set(key, definition);
  }
  const calls = new Map([...byKey].map(([key, definition]) => [key, calledBy(definition, byKey)]));
  const key = keyOnCycle(calls);
  if (key !== null) findings.error('recursive-function', `Function ${byKey.get(key)?.name} calls itself, directly or through others.`);
}

function keyOf(domain: string, name: string, overload: string): string {
  return JSON.stringify([domain, name, overload]);
}

function calledBy(definition: FunctionDefinition, known: ReadonlyMap<string, unknown>): readonly string[] {
  const called = new Set<string>();
  for (const node of allNodes(definition.nodes)) {
    const key = keyOf(node.domain, node.op, node.overload ?? '');
    if (known.has(key)) called.add(key);
  }
  return [...called];
}

/** Takes away functions that nobody left calls; what remains is a cycle and what it calls, so a caller that is left leads back onto it. */
function keyOnCycle(calls: ReadonlyMap<string, readonly string[]>): string | null {
  const callers = new Map([...calls.keys()].map((key) => [key, new Set<string>()]));
  for (const [caller, called] of calls) for (const key of called) callers.get(key)?.add(caller);
  const free = [...callers].filter(([, by]) => by.size === 0).map(([key]) => key);
  for (let key = free.pop(); key !== undefined; key = free.pop()) {
    callers.delete(key);
    for (const called of calls.get(key) ?? []) {
      const by = callers.get(called);
      by?.delete(key);
      if (by?.size === 0) free.push(called);
    }
  }
  const seen = new Set<string>();
  let at = callers.keys().next().value;
  while (at !== undefined && !seen.has(at)) {
    seen.add(at);
    at = callers.get(at)?.values().next().value;
  }
  return at ?? null;
}
