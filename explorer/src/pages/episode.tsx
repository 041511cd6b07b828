import { useAnswer } from '../api';
import { Act, Sides, StatusChip, Waiting } from '../parts/bits';
import type { Claim, Disagreement, Episode, Telling } from '../record';
import { Link } from '../route';
import { capital, clip, count, day, days, isDeed, plain, voiceLetters } from '../words';

export function EpisodePage({ id }: { id: string }) {
  const asked = useAnswer<Episode>(`episodes/${encodeURIComponent(id)}`);
  const episode = asked.value;
  if (episode?.id !== id) {
    return (
      <main class="column">
        {asked.error && (
          <p class="back">
            <Link to="/episodes">All episodes</Link>
          </p>
        )}
        <Waiting asked={asked} />
      </main>
    );
  }
  const letters = voiceLetters(episode.tellings.map((t) => t.voice));
  return (
    <main class="column">
      <p class="back">
        <Link to="/episodes">All episodes</Link>
      </p>
      <header class="episode-head">
        <p class="dim">{days(episode.from, episode.to) || 'day unknown'}</p>
        <h1>
          <Act {...episode} />
        </h1>
        <p class="lead">
          <Sides {...episode} />
          {episode.place && <span class="fact"> in {episode.place}</span>}
        </p>
        <p class="dim">
          {count(episode.voices, 'voice')} in {count(episode.reports, 'report')}
          {episode.outlets.length > 0 && `: ${episode.outlets.join(', ')}`}
        </p>
        {!episode.deed && <p class="dim">No telling says that it was done: not counted as a deed.</p>}
      </header>
      {episode.voices > 1 && <Agreements episode={episode} />}
      {episode.disagreements.length > 0 && (
        <section>
          <h2>Where the voices disagree</h2>
          {episode.disagreements.map((d, i) => (
            <Dispute key={i} dispute={d} letters={letters} />
          ))}
        </section>
      )}
      <section>
        <h2>{episode.voices > 1 ? 'The voices' : 'The voice'}</h2>
        <div class="voices">
          {[...letters].map(([voice, letter]) => (
            <Voice
              key={voice}
              letter={letter}
              tellings={episode.tellings.filter((t) => t.voice === voice)}
            />
          ))}
        </div>
      </section>
    </main>
  );
}

/** What all voices say alike, of those that say it at all. */
function Agreements({ episode }: { episode: Episode }) {
  const { tellings, voices } = episode;
  const matters: [string, (t: Telling) => string | null][] = [
    ['how far it came', (t) => plain(t.status)],
    ['when', (t) => days(t.from, t.to) || null],
    ['where', (t) => t.place],
  ];
  const agreed = matters.flatMap(([matter, value]) => {
    const said = tellings.filter((t) => value(t) !== null);
    const values = new Set(said.map(value));
    const by = new Set(said.map((t) => t.voice)).size;
    return values.size === 1 && by > 1 ? [{ matter, value: [...values][0]!, by }] : [];
  });
  if (agreed.length === 0) return null;
  return (
    <section>
      <h2>What they agree on</h2>
      <table class="agreed">
        <tbody>
          {agreed.map((a) => (
            <tr key={a.matter}>
              <th scope="row">{a.matter}</th>
              <td>{a.value}</td>
              <td class="dim num">
                {a.by < voices ? `${a.by} of ${voices} voices` : voices === 2 ? 'both voices' : `all ${voices} voices`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

const to = (report: string, item: string) =>
  `/report/${encodeURIComponent(report)}#${encodeURIComponent(item)}`;

function Dispute({ dispute, letters }: { dispute: Disagreement; letters: Map<number, string> }) {
  const name =
    dispute.matter === 'figure' ? `How many: ${dispute.subject}` : capital(dispute.subject);
  const shown = (claim: Claim) => (dispute.matter === 'date' ? day(claim.value) : claim.value);
  return (
    <table class="claims">
      <caption>{name}</caption>
      <tbody>
        {dispute.claims.map((claim, i) => (
          <tr key={i}>
            <th scope="row">
              <span class="voice-letter">{letters.get(claim.voice) ?? '?'}</span> {shown(claim)}
            </th>
            <td>
              <Link to={to(claim.report, claim.item)}>{claim.outlet ?? 'unnamed outlet'}</Link>
              {claim.speaker && <>, citing {claim.speaker}</>}
              {claim.published && <span class="dim"> {day(claim.published)}</span>}
              <p class="words">{clip(claim.text, 1500)}</p>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Voice({ letter, tellings }: { letter: string; tellings: Telling[] }) {
  const reports = [...new Set(tellings.map((t) => t.report))];
  return (
    <article class="voice">
      <h3>
        <span class="voice-letter">{letter}</span>
        {reports.length > 1 && <span class="dim">{reports.length} prints of one text</span>}
      </h3>
      {reports.map((report) => {
        const mine = tellings.filter((t) => t.report === report);
        const first = mine[0]!;
        return (
          <div key={report} class="telling">
            <p>
              <Link to={to(report, first.event)}>{first.outlet ?? 'unnamed outlet'}</Link>
              {first.published && <span class="dim"> {day(first.published)}</span>}
            </p>
            {mine.map((t) => (
              <p key={t.event} class="words">
                {clip(t.text, 1500)} {!isDeed(t.status) && <StatusChip status={t.status} />}
              </p>
            ))}
          </div>
        );
      })}
    </article>
  );
}
