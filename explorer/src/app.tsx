import { useEffect, useRef } from 'preact/hooks';
import { CorrectionsPage } from './pages/corrections';
import { EpisodePage } from './pages/episode';
import { EpisodesPage } from './pages/episodes';
import { ReadPage } from './pages/read';
import { ReportPage } from './pages/report';
import { ReportsPage } from './pages/reports';
import { SearchPage } from './pages/search';
import { TimelinePage } from './pages/timeline';
import { WatchPage } from './pages/watch';
import { between, edges, scenes } from './paths';
import { later } from './parts/later';
import { Token } from './parts/token';
import { Link, type Route, useRoute } from './route';

const MapPage = later(() => import('./pages/map').then((m) => m.MapPage), scenes);
const NetworkPage = later(() => import('./pages/network').then((m) => m.NetworkPage), edges);
const PairPage = later(() => import('./pages/pair').then((m) => m.PairPage), between);

const PAGES = [
  { to: '/', name: 'Reports' },
  { to: '/episodes', name: 'Episodes' },
  { to: '/timeline', name: 'Timeline' },
  { to: '/pair', name: 'Pairs' },
  { to: '/network', name: 'Network' },
  { to: '/map', name: 'Map' },
  { to: '/search', name: 'Search' },
  { to: '/watch', name: 'Watch' },
  { to: '/corrections', name: 'Corrections' },
  { to: '/read', name: 'Read a text' },
];

function Page({ route }: { route: Route }) {
  const [first, id] = route.path;
  switch (first) {
    case undefined:
      return <ReportsPage route={route} />;
    case 'report':
      return <ReportPage id={id ?? ''} route={route} />;
    case 'episodes':
      return <EpisodesPage route={route} />;
    case 'episode':
      return <EpisodePage id={id ?? ''} />;
    case 'timeline':
      return <TimelinePage route={route} />;
    case 'pair':
      return <PairPage a={id ?? ''} b={route.path[2] ?? ''} route={route} />;
    case 'network':
      return <NetworkPage route={route} />;
    case 'map':
      return <MapPage route={route} />;
    case 'search':
      return <SearchPage route={route} />;
    case 'watch':
      return <WatchPage route={route} />;
    case 'corrections':
      return <CorrectionsPage route={route} />;
    case 'read':
      return <ReadPage route={route} />;
    default:
      return (
        <main class="column">
          <h1>No such page</h1>
          <p>
            <Link to="/">All reports</Link>
          </p>
        </main>
      );
  }
}

export function App() {
  const route = useRoute();
  const first = route.path[0];
  const section = first === undefined || first === 'report' ? '/' : `/${first}`;
  const at = section === '/episode' ? '/episodes' : section;
  const nav = useRef<HTMLElement>(null);
  useEffect(() => {
    const page = PAGES.find((p) => p.to === at);
    document.title = page ? `${page.name} · dyad` : 'dyad';
    // On a phone the names of the pages are wider than the screen.
    const name = nav.current?.querySelector('[aria-current]');
    name?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [at]);
  return (
    <>
      <a class="skip" href="#content">
        Skip to content
      </a>
      <header class="top">
        <Link to="/" class="mark">
          dyad
        </Link>
        <nav aria-label="Pages" ref={nav}>
          {PAGES.map((page) => (
            <Link key={page.to} to={page.to} current={page.to === at}>
              {page.name}
            </Link>
          ))}
        </nav>
      </header>
      <div id="content" tabIndex={-1}>
        <Token />
        <Page route={route} />
      </div>
    </>
  );
}
