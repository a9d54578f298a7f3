import type { Node } from '../../model';
import type { ScopeShapes, ShapeResult } from '../shapes/types';

/** One reading of a value by a node's input. */
export interface Use {
  readonly scope: ScopeShapes;
  readonly node: Node;
  /** Index among the node's inputs. */
  readonly input: number;
}

const NONE: readonly Use[] = [];

/** Who reads each value, readings from bodies included. */
export class Uses {
  private readonly byScope = new Map<ScopeShapes, Map<string, Use[]>>();

  constructor(shapes: ShapeResult) {
    for (const scope of shapes.scopes.values()) this.byScope.set(scope, new Map());
    for (const scope of shapes.scopes.values()) {
      for (const node of scope.nodes) {
        node.inputs.forEach((name, input) => {
          if (name !== '') this.add(name, { scope, node, input });
        });
      }
    }
  }

  of(scope: ScopeShapes, value: string): readonly Use[] {
    return this.byScope.get(scope)?.get(value) ?? NONE;
  }

  private add(name: string, use: Use): void {
    let owner: ScopeShapes = use.scope;
    while (!owner.facts.has(name) && owner.graph && owner.parent) owner = owner.parent;
    const values = this.byScope.get(owner);
    const uses = values?.get(name);
    if (uses) uses.push(use);
    else values?.set(name, [use]);
  }
}
