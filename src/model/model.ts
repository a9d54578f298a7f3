import type { Attribute, Graph, Node } from './graph';
import type { Value } from './value';

/** A model-local function (ONNX `FunctionProto`): a named subgraph that nodes call by (domain, op, overload). */
export interface FunctionDefinition {
  readonly name: string;
  readonly domain: string;
  readonly overload: string;
  readonly doc?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Names of attributes a caller must give. */
  readonly attributes: readonly string[];
  /** Attributes with their defaults. */
  readonly defaults: Readonly<Record<string, Attribute>>;
  readonly opsets: Readonly<Record<string, number>>;
  readonly nodes: readonly Node[];
  readonly values: readonly Value[];
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A file beside the model that holds tensors. */
export interface ExternalFile {
  /** As the model writes it, relative to the model's folder. */
  readonly path: string;
  /** Bytes, or `null` when it is not there. */
  readonly size: number | null;
}

/** Something to tell the person about the file; the model is usable all the same. */
export interface Finding {
  /** `error`: the file breaks its format's rules (a cycle, a value nobody makes), though the rest can be shown. Absent: a warning. */
  readonly severity?: 'error';
  readonly code: string;
  readonly message: string;
  /** Node id, where it concerns one. */
  readonly node?: string;
}

/**
 * What a model is, whatever file it came from: plain readonly data that
 * survives a structured clone and JSON but for bigint and typed arrays.
 */
export interface Model {
  readonly format: string;
  /** The format's own version: for ONNX the IR version. */
  readonly formatVersion: string;
  readonly producer: string;
  readonly producerVersion: string;
  readonly domain: string;
  readonly modelVersion: string;
  readonly doc: string;
  /** Operator set versions by domain; `''` is ai.onnx. */
  readonly opsets: Readonly<Record<string, number>>;
  readonly metadata: Readonly<Record<string, string>>;
  readonly graph: Graph;
  readonly functions: readonly FunctionDefinition[];
  readonly externalFiles: readonly ExternalFile[];
  readonly findings: readonly Finding[];
}
