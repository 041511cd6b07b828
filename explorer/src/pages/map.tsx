import { geoEqualEarth, geoGraticule10, geoPath } from 'd3-geo';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import outlines from 'world-atlas/countries-50m.json?url';
import { useAnswer } from '../api';
import { Waiting } from '../parts/bits';
import { Filters } from '../parts/filters';
import { ACROSS, scenes as wanted } from '../paths';
import type { Scene } from '../record';
import { ask, Link, type Route } from '../route';
import { clip, count, mainQuad, plain, QUADS } from '../words';

const [WIDTH, HEIGHT] = [960, 470];
const projection = geoEqualEarth().fitExtent([[4, 4], [WIDTH - 4, HEIGHT - 4]], { type: 'Sphere' });
const path = geoPath(projection);

/** The outlines of land and of states, from a file of our own. */
function useWorld(): { land: string; borders: string } | null {
  const [world, setWorld] = useState<{ land: string; borders: string } | null>(null);
  useEffect(() => {
    void (async () => {
      const topology = (await (await fetch(outlines)).json()) as Topology<{
        countries: GeometryCollection;
        land: GeometryCollection;
      }>;
      setWorld({
        land: path(feature(topology, topology.objects.land)) ?? '',
        borders: path(feature(topology, topology.objects.countries)) ?? '',
      });
    })();
  }, []);
  return world;
}

export function MapPage({ route }: { route: Route }) {
  const scenes = useAnswer<Scene[]>(wanted({ route }));
  const chosen = route.query.get('at') ?? '';
  return (
    <main class="wide">
      <h1>Where</h1>
      <Filters route={route} fields={ACROSS} />
      {!scenes.value ? (
        <Waiting asked={scenes} />
      ) : (
        <div class="beside">
          <World scenes={scenes.value} chosen={chosen} />
          <section class="list" aria-label="Places">
            <h2>{count(scenes.value.length, 'place')}</h2>
            <table>
              <thead>
                <tr>
                  <th>Place</th>
                  <th class="num">Episodes</th>
                  <th class="num">Deeds</th>
                </tr>
              </thead>
              <tbody>
                {scenes.value.slice(0, 40).map((s) => (
                  <tr key={key(s)} data-active={key(s) === chosen || undefined} onMouseEnter={() => ask('at', key(s))}>
                    <td>
                      <span class={`dot ${mainQuad(s)}`} />{' '}
                      <Link to={`/search?kind=episodes&place=${encodeURIComponent(s.place)}`}>{s.place}</Link>{' '}
                      <code>{s.country}</code>
                    </td>
                    <td class="num">{s.episodes}</td>
                    <td class="num">{s.deeds || '·'}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        </div>
      )}
    </main>
  );
}

const key = (s: Scene) => `${s.place} ${s.country ?? ''}`.trim();

interface View {
  x: number;
  y: number;
  /** How many times nearer than the whole world. */
  near: number;
}

const WHOLE: View = { x: WIDTH / 2, y: HEIGHT / 2, near: 1 };

/** The view that holds most of the points with some sea around them. */
function around(points: [number, number][]): View {
  if (points.length === 0) return WHOLE;
  const cut = (values: number[]) => {
    const sorted = values.sort((a, b) => a - b);
    const pick = (q: number) => sorted[Math.round(q * (sorted.length - 1))]!;
    return [pick(0.04), pick(0.96)] as const;
  };
  const [x0, x1] = cut(points.map((p) => p[0]));
  const [y0, y1] = cut(points.map((p) => p[1]));
  const near = Math.min(12, WIDTH / Math.max(60, (x1 - x0) * 1.3), HEIGHT / Math.max(40, (y1 - y0) * 1.5));
  return { x: (x0 + x1) / 2, y: (y0 + y1) / 2, near: Math.max(1, near) };
}

interface Spot {
  scene: Scene;
  x: number;
  y: number;
  r: number;
}

/** Names that are shown at the most, and letters of one. */
const NAMED = 24;
const LONGEST = 24;

/** Where the names of the places stand: beside their dots, over nothing else, the most important first.
 * All in pixels of the screen. */
function labels(spots: Spot[], width: number, height: number) {
  const inside = spots.filter((s) => s.x > 0 && s.x < width && s.y > 0 && s.y < height).slice(0, NAMED * 4);
  const taken = inside.map((s) => box(s.x - s.r, s.y - s.r, 2 * s.r, 2 * s.r));
  const found: { scene: Scene; x: number; y: number }[] = [];
  for (const [i, s] of inside.entries()) {
    if (found.length === NAMED) break;
    const long = 6.3 * Math.min(LONGEST, s.scene.place.length) + 2;
    const places: [number, number][] = [
      [s.x + s.r + 3, s.y + 3.5],
      [s.x - s.r - 3 - long, s.y + 3.5],
      [s.x - long / 2, s.y - s.r - 4],
      [s.x - long / 2, s.y + s.r + 11],
    ];
    const free = ([x, y]: [number, number]) => {
      const mine = box(x, y - 10, long, 13);
      if (x < 2 || x + long > width - 2 || y < 12 || y > height - 2) return false;
      return taken.every((other, j) => j === i || !meet(mine, other));
    };
    const at = places.find(free);
    if (!at) continue;
    taken.push(box(at[0], at[1] - 10, long, 13));
    found.push({ scene: s.scene, x: at[0], y: at[1] });
  }
  return found;
}

const box = (x: number, y: number, w: number, h: number) => ({ x0: x, y0: y, x1: x + w, y1: y + h });

const meet = (a: ReturnType<typeof box>, b: ReturnType<typeof box>) =>
  a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1;

function World({ scenes, chosen }: { scenes: Scene[]; chosen: string }) {
  const world = useWorld();
  const dots = useMemo(
    () =>
      scenes
        .flatMap((s) => {
          const at = projection([s.lon, s.lat]);
          return at ? [{ scene: s, at }] : [];
        })
        // The smaller ones lie on top.
        .sort((a, b) => b.scene.episodes - a.scene.episodes),
    [scenes],
  );
  const [view, setView] = useState<View>(() => around(dots.map((d) => d.at)));
  const grip = useRef<{ x: number; y: number } | null>(null);
  const svg = useRef<SVGSVGElement>(null);
  const [w, h] = [WIDTH / view.near, HEIGHT / view.near];
  const [width, setWidth] = useState(WIDTH);
  /** A pixel of the screen on the map: dots and names keep their size. */
  const px = w / width;
  const zoom = (by: number) =>
    setView((v) => ({ ...v, near: Math.max(1, Math.min(40, v.near * by)) }));
  const drag = (e: PointerEvent) => {
    if (!grip.current || !svg.current) return;
    const [dx, dy] = [(e.clientX - grip.current.x) * px, (e.clientY - grip.current.y) * px];
    grip.current = { x: e.clientX, y: e.clientY };
    setView((v) => ({ ...v, x: v.x - dx, y: v.y - dy }));
  };
  useEffect(() => {
    const wheel = (e: WheelEvent) => {
      e.preventDefault();
      zoom(e.deltaY < 0 ? 1.2 : 1 / 1.2);
    };
    // Preact's own listeners are passive and could not keep the page still.
    svg.current?.addEventListener('wheel', wheel, { passive: false });
    const watch = new ResizeObserver(([entry]) => entry && setWidth(entry.contentRect.width || WIDTH));
    watch.observe(svg.current!);
    return () => {
      svg.current?.removeEventListener('wheel', wheel);
      watch.disconnect();
    };
  }, []);
  const radius = (s: Scene) => (3 + 2 * Math.sqrt(s.episodes)) * px;
  const corner = [view.x - w / 2, view.y - h / 2] as const;
  const named = labels(
    dots.map(({ scene, at }) => ({
      scene,
      x: (at[0] - corner[0]) / px,
      y: (at[1] - corner[1]) / px,
      r: radius(scene) / px,
    })),
    width,
    h / px,
  ).map((l) => ({ ...l, x: corner[0] + l.x * px, y: corner[1] + l.y * px }));
  return (
    <figure class="map">
      <svg
        ref={svg}
        viewBox={`${view.x - w / 2} ${view.y - h / 2} ${w} ${h}`}
        role="group"
        aria-label="Places on a map of the world"
        onPointerDown={(e) => (grip.current = { x: e.clientX, y: e.clientY })}
        onPointerMove={drag}
        onPointerUp={() => (grip.current = null)}
        onPointerLeave={() => (grip.current = null)}
      >
        <path class="sea" d={path({ type: 'Sphere' }) ?? ''} />
        <path class="graticule" d={path(geoGraticule10()) ?? ''} />
        {world && <path class="land" d={world.land} />}
        {world && <path class="borders" d={world.borders} />}
        {dots.map(({ scene: s, at }) => (
          <a
            key={key(s) + s.lat}
            href={`/search?kind=episodes&place=${encodeURIComponent(s.place)}`}
            aria-label={`${s.place}: ${count(s.episodes, 'episode')}`}
          >
            <circle
              class={mainQuad(s)}
              cx={at[0]}
              cy={at[1]}
              r={radius(s)}
              data-active={key(s) === chosen || undefined}
            >
              <title>{`${s.place}: ${count(s.episodes, 'episode')}, ${count(s.deeds, 'deed')}`}</title>
            </circle>
          </a>
        ))}
        {named.map(({ scene: s, x, y }) => (
          <text key={key(s) + s.lat} x={x} y={y} font-size={11 * px} aria-hidden="true">
            {clip(s.place, LONGEST)}
          </text>
        ))}
      </svg>
      <div class="zoom" role="group" aria-label="Zoom">
        <button type="button" aria-label="nearer" onClick={() => zoom(1.5)}>
          +
        </button>
        <button type="button" aria-label="farther" onClick={() => zoom(1 / 1.5)}>
          −
        </button>
        <button type="button" onClick={() => setView(WHOLE)}>
          world
        </button>
        <button type="button" onClick={() => setView(around(dots.map((d) => d.at)))}>
          fit
        </button>
      </div>
      <figcaption class="key">
        {QUADS.map((quad) => (
          <span key={quad} class={quad}>
            <span class="dot" /> mostly {plain(quad)}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}
