// The parts of the layout that its own types leave out.

declare module 'graphology-layout-forceatlas2/defaults.js' {
  const settings: object;
  export default settings;
}
declare module 'graphology-layout-forceatlas2/helpers.js' {
  import type Graph from 'graphology';
  interface Matrices {
    nodes: Float32Array;
    edges: Float32Array;
  }
  export function graphToByteArrays(
    graph: Graph,
    weight: (edge: string, attributes: { weight: number }) => number,
  ): Matrices;
  export function assignLayoutChanges(graph: Graph, nodes: Float32Array, reducer: null): void;
}
declare module 'graphology-layout-forceatlas2/iterate.js' {
  export default function iterate(settings: object, nodes: Float32Array, edges: Float32Array): void;
}
