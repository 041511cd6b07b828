import { useEffect, useState } from 'preact/hooks';
import { keepToken, LOCKED } from '../api';

/** Asks for a token where the service wants one, and begins anew with it. */
export function Token() {
  const [wanted, setWanted] = useState(false);
  useEffect(() => {
    const locked = () => setWanted(true);
    addEventListener(LOCKED, locked);
    return () => removeEventListener(LOCKED, locked);
  }, []);
  if (!wanted) return null;
  const enter = (e: SubmitEvent) => {
    e.preventDefault();
    const typed = new FormData(e.currentTarget as HTMLFormElement).get('token');
    keepToken(String(typed).trim());
    location.reload();
  };
  return (
    <form class="token" onSubmit={enter}>
      <label>
        <span>This archive asks for a token</span>
        <input type="password" name="token" autocomplete="off" required />
      </label>
      <button class="do">Enter</button>
    </form>
  );
}
