import type { Placed, ScatterData } from './points';

/** Colours of the steps of the third quantity, the last one for points that have none of it. */
export interface Palette {
  readonly colors: readonly string[];
  readonly domain: readonly [number, number] | null;
}

/** Beyond so many, single marks overlap, and drawing each as a path would take longer than a frame. */
const MANY = 4000;

export function paint(
  context: CanvasRenderingContext2D,
  ratio: number,
  data: ScatterData,
  placed: Placed,
  palette: Palette,
): void {
  const { width, height } = context.canvas;
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.clearRect(0, 0, width, height);
  if (placed.count > MANY) paintPixels(context, ratio, data, placed, palette);
  else paintMarks(context, ratio, data, placed, palette);
}

/** The step of the palette that a point has. */
function stepOf({ color }: ScatterData, { colors, domain }: Palette): (index: number) => number {
  const last = colors.length - 1;
  if (!color || !domain) return () => last;
  const [low, high] = domain;
  const scale = high === low ? 0 : (last - 1) / (high - low);
  return (index) => {
    const value = color[index];
    return value == null ? last : Math.round((value - low) * scale);
  };
}

/** Circles, full where measured and hollow where predicted, as a few paths of one colour each. */
function paintMarks(
  context: CanvasRenderingContext2D,
  ratio: number,
  data: ScatterData,
  placed: Placed,
  palette: Palette,
): void {
  const RADIUS = 3.6;
  const step = stepOf(data, palette);
  const groups = new Map<number, number[]>();
  for (let i = 0; i < placed.count; i++) {
    const index = placed.index[i] ?? 0;
    const key = 2 * step(index) + (data.predicted(index) ? 1 : 0);
    const group = groups.get(key);
    if (group) group.push(i);
    else groups.set(key, [i]);
  }
  context.scale(ratio, ratio);
  context.globalAlpha = 0.9;
  context.lineWidth = 1.3;
  for (const [key, points] of groups) {
    const style = palette.colors[key >> 1] ?? '';
    context.beginPath();
    for (const i of points) {
      const [x, y] = [placed.px[i] ?? 0, placed.py[i] ?? 0];
      context.moveTo(x + RADIUS, y);
      context.arc(x, y, RADIUS, 0, 2 * Math.PI);
    }
    if (key & 1) {
      context.strokeStyle = style;
      context.stroke();
    } else {
      context.fillStyle = style;
      context.fill();
    }
  }
  context.globalAlpha = 1;
}

/** Squares written straight into the picture: the time does not depend on the graphics hardware. */
function paintPixels(
  context: CanvasRenderingContext2D,
  ratio: number,
  data: ScatterData,
  placed: Placed,
  palette: Palette,
): void {
  const { width, height } = context.canvas;
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const packed = Uint32Array.from(palette.colors, pack);
  const step = stepOf(data, palette);
  const size = Math.max(3, Math.round(3 * ratio));
  const half = size >> 1;
  for (let i = 0; i < placed.count; i++) {
    const index = placed.index[i] ?? 0;
    const color = packed[step(index)] ?? 0;
    const hollow = data.predicted(index);
    const left = Math.round((placed.px[i] ?? 0) * ratio) - half;
    const top = Math.round((placed.py[i] ?? 0) * ratio) - half;
    if (left < 0 || top < 0 || left + size > width || top + size > height) continue;
    for (let y = 0; y < size; y++) {
      const row = (top + y) * width + left;
      const edge = y === 0 || y === size - 1;
      for (let x = 0; x < size; x++) {
        if (!hollow || edge || x === 0 || x === size - 1) pixels[row + x] = color;
      }
    }
  }
  context.putImageData(image, 0, 0);
}

/** `rgb(33, 145, 140)` as the bytes of a pixel, red first in memory. */
function pack(color: string): number {
  const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map(Number);
  return new Uint32Array(new Uint8Array([red, green, blue, 225]).buffer)[0] ?? 0;
}
