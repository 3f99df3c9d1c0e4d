/** Numbers, units and names as a reader expects them; pure functions. */

/** About three significant digits, scientific below 1e-3 and from 1e5. */
export function formatNumber(value: number, digits = 3): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  if (size < 1e-3 || size >= 1e5) {
    return minus(value.toExponential(digits - 1).replace('e+', 'e'));
  }
  const decimals = Math.max(0, digits - 1 - Math.floor(Math.log10(size)));
  return minus(value.toFixed(decimals));
}

const SUPERSCRIPT: Record<string, string> = { 2: '²', 3: '³' };
function superscript(text: string): string {
  return [...text].map((character) => SUPERSCRIPT[character] ?? character).join('');
}
function minus(text: string): string {
  return text.replaceAll('-', '−');
}

export function formatCount(count: number): string {
  return count.toLocaleString('en-GB');
}

export function formatPercent(fraction: number): string {
  const percent = fraction * 100;
  if (percent > 0 && percent < 1) return '< 1 %';
  if (percent < 100 && percent > 99) return '> 99 %';
  return `${percent.toFixed(0)} %`;
}

/** An amount in a formula: as it is, without trailing zeros. */
export function formatAmount(amount: number): string {
  return String(Number(amount.toPrecision(6)));
}

/** The registry's ASCII units in print: `uV/K` → `µV/K`, `g/cm^3` → `g/cm³`; `dimensionless` is nothing. */
export function formatUnit(unit: string): string {
  if (unit === 'dimensionless') return '';
  return unit
    .replace('angstrom', 'Å')
    .replace(/\bu(?=[VWm])/g, 'µ')
    .replace(/\^(\d)/g, (_, digit: string) => superscript(digit));
}

export function withUnit(value: number, unit: string): string {
  const printed = formatUnit(unit);
  return printed ? `${formatNumber(value)}\u00a0${printed}` : formatNumber(value);
}

/** As a label begins: `band gap` → `Band gap`. */
export function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** `measured_in_words` of a GraphQL enum: `NEAR_EDGE` → `near edge`. */
export function words(name: string): string {
  return name.toLowerCase().replaceAll('_', ' ');
}

/** Splits a formula into text and subscripts: a number after an element or a closing bracket stands low. */
export function formulaParts(formula: string): readonly { readonly text: string; readonly low: boolean }[] {
  return [...formula.matchAll(/\d+(?:\.\d+)?|[^\d]+/g)].map((part) => ({
    text: part[0],
    low: /^\d/.test(part[0]) && /[A-Za-z)\]*]/.test(formula[part.index - 1] ?? ''),
  }));
}

export function formatDate(text: string): string {
  return new Date(text).toLocaleDateString('en-GB', { year: 'numeric', month: 'short', day: 'numeric' });
}

/** `45 s`, `3 min 20 s`, `2 h 5 min`, `4 d 2 h`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const parts: readonly (readonly [number, string])[] = [
    [Math.floor(whole / 86_400), 'd'],
    [Math.floor(whole / 3600) % 24, 'h'],
    [Math.floor(whole / 60) % 60, 'min'],
    [whole % 60, 's'],
  ];
  const from = parts.findIndex(([amount]) => amount > 0);
  if (from < 0) return '0 s';
  return parts
    .slice(from, from + 2)
    .filter(([amount], index) => index === 0 || amount > 0)
    .map(([amount, unit]) => `${amount}\u00a0${unit}`)
    .join(' ');
}

export function formatTime(text: string): string {
  return new Date(text).toLocaleString('en-GB', {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  });
}

/** `812 B`, `1.24 MB`: powers of ten, as a file manager shows them. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB'];
  const step = Math.min(units.length - 1, bytes > 0 ? Math.floor(Math.log10(bytes) / 3) : 0);
  return `${step === 0 ? bytes : formatNumber(bytes / 1000 ** step)}\u00a0${units[step]}`;
}
