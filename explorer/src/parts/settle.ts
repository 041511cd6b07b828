// Where the nodes of a graph come to rest.

import type Graph from 'graphology';
import { inferSettings } from 'graphology-layout-forceatlas2';
import standard from 'graphology-layout-forceatlas2/defaults.js';
import { assignLayoutChanges, graphToByteArrays } from 'graphology-layout-forceatlas2/helpers.js';
import iterate from 'graphology-layout-forceatlas2/iterate.js';

/** Steps of the layout. */
const STEPS = 300;
/** Milliseconds of it before the first picture, where there are few enough lines to get somewhere. */
const AT_FIRST = 60;
const FEW = 1000;
/** Milliseconds of it in each frame: as long as drawing takes, within these. */
const LEAST = 8;
const MOST = 120;

/** Lays a graph out a little before it is first seen and goes on in the frames that follow, so that
 * it never stands still. The same edges come to rest in the same picture. Gives what stops it. */
export function settle(graph: Graph, box: HTMLElement, done: () => void): () => void {
  const settings = {
    ...standard,
    ...inferSettings(graph),
    barnesHutOptimize: graph.order > 400,
    gravity: 1.5,
    scalingRatio: 12,
  };
  const { nodes, edges } = graphToByteArrays(graph, (_, { weight }) => weight);
  let [left, frame, rested] = [STEPS, 0, 0];
  const go = (time: number) => {
    const until = performance.now() + time;
    for (; left > 0 && performance.now() < until; left -= 1) iterate(settings, nodes, edges);
    assignLayoutChanges(graph, nodes, null);
    box.toggleAttribute('data-moving', left > 0);
    rested = performance.now();
    if (left <= 0) return done();
    frame = requestAnimationFrame(() => go(Math.min(MOST, Math.max(LEAST, performance.now() - rested))));
  };
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches;
  box.toggleAttribute('data-moving', true);
  if (still || graph.size <= FEW) go(still ? Infinity : AT_FIRST);
  else frame = requestAnimationFrame(() => go(LEAST));
  return () => cancelAnimationFrame(frame);
}
