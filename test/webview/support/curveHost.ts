import { UserError } from '../../../src/bytes';
import type { ComparedFigures, CompareViewApi, Handlers, SizedFigures } from '../../../src/protocol';
import { CompareHost, sample } from './compareHost';

/** Multiply-adds of each budget at a size. */
export type Law = (size: number) => { readonly convolution: number; readonly attention: number };

/** A host whose models cost what closed forms say at every size; the sizes each was asked for are in `asked.sized`. */
export function hostOfLaws(laws: Readonly<Record<string, Law>>, change: Partial<Handlers<CompareViewApi>> = {}): CompareHost {
  const host = new CompareHost(Object.keys(laws).map((name) => ({ ...sample('hybrid.onnx'), name })));
  const { figures } = host.handlers;
  const handlers: Partial<Handlers<CompareViewApi>> = {
    figuresAt: async ({ model, sizes }, context) => {
      host.asked.sized.push({ model, sizes });
      const base = await figures({ model }, context);
      const law = laws[model];
      if (!law) throw new UserError(`There is no ${model}.`);
      return sizes.map((size) => at(base, size, law(size)));
    },
    ...change,
  };
  return Object.assign(host, { handlers: { ...host.handlers, ...handlers } });
}

function at(base: ComparedFigures, size: number, { convolution, attention }: ReturnType<Law>): SizedFigures {
  const budget = (macs: number) => ({ ...base.budget.other, macs });
  const figures: ComparedFigures = {
    ...base,
    macs: convolution + attention,
    budget: { convolution: budget(convolution), attention: budget(attention), feedForward: budget(0), other: budget(0) },
  };
  return { size, figures, error: '' };
}
