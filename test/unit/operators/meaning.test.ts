import { describe, expect, it } from 'vitest';
import { isAmong, listsInput, words } from '../../../src/operators/meaning';
import { allOperators, meaningOf } from '../../../src/operators/registry';

const OPSETS = { '': 17, 'com.microsoft': 1 };

function meaning(op: string, domain = '', opsets: Readonly<Record<string, number>> = OPSETS) {
  return meaningOf({ op, domain }, opsets);
}

describe('what operators mean', () => {
  it('is told by domain, never by name alone', () => {
    expect(meaning('Reshape')?.does).toBe('reshape');
    expect(meaning('Reshape', 'ai.onnx')?.does).toBe('reshape');
    expect(meaning('Reshape', 'my.ops')).toBeNull();
    expect(meaning('FastGelu')).toBeNull();
    expect(meaning('FastGelu', 'com.microsoft')).toMatchObject({ kind: 'activate', does: 'tanhGelu' });
  });

  it('is told by version: ONNX has GroupNormalization from version 18 on', () => {
    expect(meaning('GroupNormalization', '', { '': 17 })).toBeNull();
    expect(meaning('GroupNormalization', '', { '': 18 })?.does).toBe('groupNorm');
    expect(meaning('Softmax', '', { '': 12 })).toMatchObject({ defaultAxis: 1 });
    expect(meaning('Softmax', '', { '': 13 })).toMatchObject({ defaultAxis: -1 });
  });

  it('is nothing for names that every object has', () => {
    for (const name of Object.getOwnPropertyNames(Object.prototype)) {
      expect(meaning(name), name).toBeNull();
      expect(meaning('Add', name), name).toBeNull();
    }
  });

  it('tells one name in two domains apart: only com.microsoft projects inside', () => {
    expect(meaning('Attention', '', { '': 23 })).toMatchObject({ kind: 'attend', projectsItself: false });
    expect(meaning('Attention', 'com.microsoft')).toMatchObject({ kind: 'attend', projectsItself: true });
  });

  it('says which inputs hold what (operator specifications, "Inputs")', () => {
    const roles = (op: string, domain = '') => meaning(op, domain)?.inputs ?? {};
    expect(roles('BatchNormalization')).toEqual({ weights: [1, 2], buffers: [3, 4] });
    expect(roles('QLinearConv')).toMatchObject({ weights: [3, 8] });
    expect(listsInput(roles('Concat').carries, 7)).toBe(true);
    expect(listsInput(roles('Reshape').carries, 1)).toBe(false);
  });

  it('lists no input as both a weight and a setting', () => {
    for (const { op, meaning } of allOperators()) {
      const { weights, settings, buffers } = meaning.inputs;
      for (let input = 0; input < 12; input++) {
        const claims = [weights, settings, buffers].filter((list) => listsInput(list, input));
        expect(claims.length, `${op}, input ${input}`).toBeLessThan(2);
      }
    }
  });

  it('is asked by words for kinds and acts, of which an unknown operator has none', () => {
    const steps = words('move', 'add');
    expect(isAmong(meaning('Transpose'), steps)).toBe(true);
    expect(isAmong(meaning('QLinearAdd', 'com.microsoft'), steps)).toBe(true);
    expect(isAmong(meaning('Mul'), steps)).toBe(false);
    expect(isAmong(meaning('Add', 'my.ops'), steps)).toBe(false);
  });
});
