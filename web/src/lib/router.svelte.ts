/** The address bar as state: a path below the deployment's root (given by <base>) and its search parameters. */
const root = new URL(document.baseURI).pathname;

function readPath(): string {
  const { pathname } = location;
  return `/${pathname.startsWith(root) ? pathname.slice(root.length) : pathname.slice(1)}`;
}

// `<base>` is relative to the page that was loaded; fixed here, it stays right when the path changes without a load.
document.querySelector('base')?.setAttribute('href', root);

const state = $state({ path: readPath(), search: location.search });

function sync(): void {
  state.path = readPath();
  state.search = location.search;
}
addEventListener('popstate', sync);

export const route = {
  get path(): string {
    return state.path;
  },
  get params(): URLSearchParams {
    return new URLSearchParams(state.search);
  },
};

/** An address below the root for an application path such as `/discover`. */
export function href(path: string): string {
  return root + path.replace(/^\//, '');
}

export function navigate(path: string, options: { replace?: boolean; keepScroll?: boolean } = {}): void {
  const url = href(path);
  if (url === location.pathname + location.search) return;
  if (options.replace) history.replaceState(null, '', url);
  else history.pushState(null, '', url);
  sync();
  if (!options.keepScroll) scrollTo(0, 0);
}

/** Rewrites search parameters of the present page; an empty value removes one. */
export function setParams(changes: Record<string, string | null>, options: { push?: boolean } = {}): void {
  const params = route.params;
  for (const [name, value] of Object.entries(changes)) {
    if (value === null || value === '') params.delete(name);
    else params.set(name, value);
  }
  const text = params.toString();
  navigate(state.path + (text ? `?${text}` : ''), { replace: !options.push, keepScroll: true });
}

/** Lets plain clicks on links inside the application change the page without a load. */
export function followLinks(node: HTMLElement): { destroy(): void } {
  function onClick(event: MouseEvent): void {
    if (
      event.defaultPrevented ||
      event.button !== 0 ||
      event.metaKey ||
      event.ctrlKey ||
      event.shiftKey ||
      event.altKey
    )
      return;
    const link = (event.target as Element).closest('a');
    if (
      !link ||
      link.target ||
      link.origin !== location.origin ||
      link.hasAttribute('download') ||
      link.rel === 'external'
    )
      return;
    if (!link.pathname.startsWith(root)) return;
    event.preventDefault();
    navigate(`/${link.pathname.slice(root.length)}${link.search}`);
  }
  node.addEventListener('click', onClick);
  return { destroy: () => node.removeEventListener('click', onClick) };
}

/** Matches `/materials/:id` and the like; null when it does not. */
export function match(pattern: string, path: string): Record<string, string> | null {
  const want = pattern.split('/');
  const have = path.replace(/\/$/, '').split('/');
  if (want.length !== have.length) return null;
  const params: Record<string, string> = {};
  for (const [index, part] of want.entries()) {
    const value = have[index] ?? '';
    if (!part.startsWith(':')) {
      if (part !== value) return null;
    } else {
      try {
        params[part.slice(1)] = decodeURIComponent(value);
      } catch {
        return null;
      }
    }
  }
  return params;
}
