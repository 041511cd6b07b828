/** More letters without a blank than this are no word, and a browser stands still over a million of
 * them in one line of thought: they are shown in blocks, of which only those in sight are drawn. */
const LONGEST = 2000;

const ENDLESS = new RegExp(`\\S{${LONGEST}}`, 'g');

export function Endless({ text }: { text: string }) {
  if (text.length < LONGEST) return <>{text}</>;
  const pieces: string[] = [];
  let from = 0;
  for (const { index } of text.matchAll(ENDLESS)) {
    if (index > from) pieces.push(text.slice(from, index));
    pieces.push(text.slice(index, index + LONGEST));
    from = index + LONGEST;
  }
  if (pieces.length === 0) return <>{text}</>;
  pieces.push(text.slice(from));
  return (
    <>
      {pieces.map((piece, i) =>
        piece.length === LONGEST ? (
          <span key={i} class="endless">
            {piece}
          </span>
        ) : (
          piece
        ),
      )}
    </>
  );
}
