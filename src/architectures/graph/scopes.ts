/**
 * Module scopes as PyTorch's exporter writes them: a child called by a number
 * takes its parent's name with it, so `layer1` > `0` > `conv1` is
 * `/layer1/layer1.0/conv1` in node names and `layer1.0.conv1` in weight names.
 */
export class Scopes {
  private readonly stack: { readonly shown: string; readonly key: string }[] = [];
  private readonly used = new Map<string, number>();

  /** Runs `body` inside the child module `name`. */
  within<Result>(name: string, body: () => Result): Result {
    const parent = this.stack.at(-1);
    const shown = /^\d+$/.test(name) && parent ? `${parent.shown}.${name}` : name;
    this.stack.push({ shown, key: name });
    try {
      return body();
    } finally {
      this.stack.pop();
    }
  }

  /** `/layer1/layer1.0/conv1/Conv`, with `_1`, `_2`... where the name is taken. */
  nodeName(op: string): string {
    return this.unique(`${this.stack.map(({ shown }) => `/${shown}`).join('')}/${op}`);
  }

  /** `layer1.0.conv1.weight`. */
  weightName(name: string): string {
    return [...this.stack.map(({ key }) => key), name].join('.');
  }

  unique(name: string): string {
    const count = this.used.get(name) ?? 0;
    this.used.set(name, count + 1);
    return count === 0 ? name : this.unique(`${name}_${count}`);
  }
}
