/** Light, dark, or what the system says; a choice is remembered. public/theme.js applies it before the first paint. */
export type Theme = 'system' | 'light' | 'dark';
const ITEM = 'beagle-theme';
const system = matchMedia('(prefers-color-scheme: dark)');

const stored = document.documentElement.dataset.theme;
const state = $state({
  choice: (stored === 'light' || stored === 'dark' ? stored : 'system') as Theme,
  systemDark: system.matches,
});
system.addEventListener('change', (event) => (state.systemDark = event.matches));

export const theme = {
  get choice(): Theme {
    return state.choice;
  },
  get dark(): boolean {
    return state.choice === 'dark' || (state.choice === 'system' && state.systemDark);
  },
  set(choice: Theme): void {
    state.choice = choice;
    if (choice === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = choice;
    try {
      if (choice === 'system') localStorage.removeItem(ITEM);
      else localStorage.setItem(ITEM, choice);
    } catch {
      // Storage can be forbidden; the choice then lasts for the page.
    }
  },
};

/** A custom property of the stylesheet as the colour it stands for at present, for canvases. */
export function resolveColor(name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const color = getComputedStyle(probe).color;
  probe.remove();
  return color;
}
