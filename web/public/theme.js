// Runs before the first paint, so that a stored choice never flashes in the other theme. A file, because the CSP allows no inline script.
try {
  const theme = localStorage.getItem('beagle-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage can be forbidden; the system's preference stands.
}
