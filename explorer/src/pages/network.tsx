import { EdgeCurvedArrowProgram } from '@sigma/edge-curve';
import Graph from 'graphology';
import { useEffect, useRef, useState } from 'preact/hooks';
import { EdgeArrowProgram } from 'sigma/rendering';
import { useAnswer } from '../api';
import { QuadDot, Waiting } from '../parts/bits';
import { Filters } from '../parts/filters';
import { ink, useTheme } from '../parts/ink';
import { settle } from '../parts/settle';
import { Sliding } from '../parts/sliding';
import { ACROSS, edges as path } from '../paths';
import type { Edge } from '../record';
import { ask, Link, type Route } from '../route';
import { capital, count, mainQuad, plain, QUADS } from '../words';

export function NetworkPage({ route }: { route: Route }) {
  const level = route.query.get('level') ?? 'country';
  const edges = useAnswer<Edge[]>(path({ route }));
  const chosen = route.query.get('at') ?? '';
  const mine = (edges.value ?? []).filter((e) => !chosen || e.from === chosen || e.to === chosen);
  return (
    <main class="wide">
      <h1>Who acts on whom</h1>
      <Filters route={route} fields={ACROSS}>
        <label class="check wide">
          <input
            type="checkbox"
            checked={level === 'actor'}
            onChange={(e) => ask('level', e.currentTarget.checked ? 'actor' : '')}
          />
          Actors, not countries
        </label>
      </Filters>
      {!edges.value ? (
        <Waiting asked={edges} />
      ) : (
        <div class="beside">
          <Picture edges={edges.value} chosen={chosen} />
          <section class="list" aria-label="The strongest">
            <h2>
              {chosen || 'The strongest'}{' '}
              {chosen && (
                <button type="button" class="toggle more-of" onClick={() => ask('at', '')}>
                  all ×
                </button>
              )}
            </h2>
            <table>
              <thead>
                <tr>
                  <th>Who → whom</th>
                  <th class="num">Episodes</th>
                  <th class="num">Deeds</th>
                </tr>
              </thead>
              <tbody>
                {mine.slice(0, 40).map((e) => (
                  <tr key={`${e.from}→${e.to}`}>
                    <td>
                      <QuadDot quad={mainQuad(e)} />{' '}
                      <Link to={level === 'actor' ? search(e) : `/pair/${e.from}/${e.to}`}>
                        {e.from} → {e.to}
                      </Link>
                    </td>
                    <td class="num">{e.episodes}</td>
                    <td class="num">{e.deeds || '·'}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            {mine.length > 40 && <p class="dim">and {mine.length - 40} more</p>}
          </section>
        </div>
      )}
    </main>
  );
}

const search = (e: Edge) =>
  `/search?kind=episodes&who=${encodeURIComponent(e.from)}&whom=${encodeURIComponent(e.to)}`;

const DRAWN = 'webgl2';

function Picture({ edges, chosen }: { edges: Edge[]; chosen: string }) {
  const box = useRef<HTMLDivElement>(null);
  const dark = useTheme();
  const [trouble, setTrouble] = useState('');
  const sigma = useRef<Sliding | null>(null);
  useEffect(() => {
    if (!document.createElement('canvas').getContext(DRAWN)) {
      setTrouble('This browser draws no WebGL; the table holds the same.');
      return;
    }
    const drawn = draw(box.current!, edges);
    const rest = settle(drawn.getGraph(), box.current!, () => drawn.weigh());
    sigma.current = drawn;
    return () => {
      rest();
      drawn.kill();
      sigma.current = null;
    };
  }, [edges, dark]);
  useEffect(() => {
    const drawn = sigma.current;
    if (!drawn) return;
    const graph = drawn.getGraph();
    if (!chosen || !graph.hasNode(chosen)) {
      // A picture that was just drawn is not drawn again for it.
      if (drawn.getSetting('edgeReducer')) drawn.setSettings({ nodeReducer: null, edgeReducer: null });
      return;
    }
    const faint = ink('rule');
    const near = (node: string) => node === chosen || graph.areNeighbors(node, chosen);
    drawn.setSettings({
      nodeReducer: (node, data) => (near(node) ? data : { ...data, color: faint, label: '' }),
      edgeReducer: (edge, data) => (graph.hasExtremity(edge, chosen) ? data : { ...data, hidden: true }),
    });
  }, [chosen, edges, dark]);
  const nodes = new Set(edges.flatMap((e) => [e.from, e.to])).size;
  return (
    <figure class="network">
      <div
        ref={box}
        class="canvas"
        role="img"
        aria-label={`${count(nodes, 'actor')} and ${count(edges.length, 'line')} between them; the table beside holds the strongest`}
      >
        {trouble && <p class="trouble">{trouble}</p>}
      </div>
      <figcaption class="key">
        {QUADS.map((quad) => (
          <span key={quad} class={quad}>
            <span class="dot" /> mostly {plain(quad)}
          </span>
        ))}
        <span class="dim">
          {capital(count(nodes, 'actor'))}, {count(edges.length, 'line')}. Choose one to see its own.
        </span>
      </figcaption>
    </figure>
  );
}

/** Pixels of a picture in which there is no room for every name. */
const NARROW = 500;

/** A curve takes many times the work of a straight line, and among thousands nobody sees it. */
const MOST_CURVES = 800;

function draw(box: HTMLElement, edges: Edge[]): Sliding {
  const graph = new Graph({ type: 'directed' });
  const narrow = box.clientWidth < NARROW;
  const colour = new Map(QUADS.map((quad) => [quad, ink(quad.replaceAll('_', '-'))]));
  const weight = new Map<string, number>();
  for (const e of edges) {
    for (const code of [e.from, e.to]) weight.set(code, (weight.get(code) ?? 0) + e.episodes);
  }
  // Begun on a circle by name, so that the same edges give the same picture.
  const names = [...weight.keys()].sort();
  names.forEach((name, i) => {
    const turn = (2 * Math.PI * i) / names.length;
    graph.addNode(name, {
      x: Math.cos(turn),
      y: Math.sin(turn),
      size: (3 + Math.min(16, 2 * Math.sqrt(weight.get(name)!))) * (narrow ? 0.7 : 1),
      label: name,
      color: ink('ink'),
    });
  });
  for (const e of edges) {
    graph.addEdge(e.from, e.to, {
      size: 1 + Math.min(5, Math.log2(e.episodes)),
      color: colour.get(mainQuad(e)),
      weight: e.episodes,
    });
  }
  const drawn = new Sliding(graph, box, {
    allowInvalidContainer: true,
    ...(graph.size > MOST_CURVES
      ? { defaultEdgeType: 'arrow', edgeProgramClasses: { arrow: EdgeArrowProgram } }
      : { defaultEdgeType: 'curved', edgeProgramClasses: { curved: EdgeCurvedArrowProgram } }),
    labelColor: { color: ink('ink') },
    labelFont: 'system-ui, sans-serif',
    labelSize: 12,
    labelRenderedSizeThreshold: graph.order > 150 ? 6 : narrow ? 5 : 0,
    labelGridCellSize: 40,
    labelDensity: 2,
    defaultDrawNodeHover: () => {},
    stagePadding: 40,
    zIndex: true,
  });
  drawn.on('clickNode', ({ node }) => ask('at', node));
  drawn.on('clickStage', () => ask('at', ''));
  return drawn;
}
