// The pitch of a voice, by YIN (de Cheveigné and Kawahara, 2002), and two of them drawn into one picture.

const RATE = 8_000;
const HOP = 80; // 10 ms
const WINDOW = 320; // 40 ms
const [LOWEST, HIGHEST] = [70, 500]; // Hz
const DOUBT = 0.18; // how far from periodic a voiced frame may be

/** Mono samples at 8 kHz. */
export async function lowered(buffer) {
  const context = new OfflineAudioContext(1, Math.max(1, Math.ceil(buffer.duration * RATE)), RATE);
  const source = new AudioBufferSourceNode(context, { buffer });
  source.connect(context.destination);
  source.start();
  return (await context.startRendering()).getChannelData(0);
}

/** `points` are `[seconds, semitones]` of the voiced frames, which are between `from` and `to`; the speaker's median is 0. */
export async function contour(buffer) {
  const samples = await lowered(buffer);
  const loud = Math.max(...Array.from({ length: Math.floor(samples.length / HOP) }, (_, i) => energy(samples, i * HOP)), 1e-9);
  const points = [];
  for (let at = 0; at + WINDOW + RATE / LOWEST < samples.length; at += HOP) {
    if (energy(samples, at) < loud * 0.01) continue;
    const hertz = period(samples, at);
    if (hertz) points.push([at / RATE, 12 * Math.log2(hertz)]);
  }
  const middle = points.map(([, semitones]) => semitones).sort((a, b) => a - b)[points.length >> 1] ?? 0;
  const [from, to] = [points[0]?.[0] ?? 0, points.at(-1)?.[0] ?? 1];
  return { from, to, points: points.map(([seconds, semitones]) => [seconds, semitones - middle]) };
}

function energy(samples, at) {
  let sum = 0;
  for (let i = at; i < Math.min(at + WINDOW, samples.length); i += 1) sum += samples[i] ** 2;
  return sum;
}

/** The frequency of the frame at a sample, or 0 if it is not voiced. */
function period(samples, at) {
  const last = Math.floor(RATE / LOWEST);
  const differences = new Float32Array(last + 1);
  let sum = 0;
  for (let lag = 1; lag <= last; lag += 1) {
    let difference = 0;
    for (let i = at; i < at + WINDOW; i += 1) difference += (samples[i] - samples[i + lag]) ** 2;
    sum += difference;
    differences[lag] = sum ? (difference * lag) / sum : 1;
  }
  for (let lag = Math.floor(RATE / HIGHEST); lag < last; lag += 1) {
    if (differences[lag] >= DOUBT) continue;
    while (lag < last && differences[lag + 1] < differences[lag]) lag += 1;
    const [a, b, c] = [differences[lag - 1], differences[lag], differences[lag + 1] ?? differences[lag]];
    const shift = a - 2 * b + c ? (a - c) / (2 * (a - 2 * b + c)) : 0;
    return RATE / (lag + shift);
  }
  return 0;
}

/**
 * Draws curves over each other: `[{points, from, to, like, dash}]`, in the colour of the element `like`. All of them are
 * drawn where the first one is, since people begin to speak at other times and at another pace. `words` stand below:
 * `[{text, from, to}]` in seconds of the first one, which is `seconds` long.
 */
export function draw(canvas, curves, words, seconds) {
  const style = getComputedStyle(canvas);
  const [width, height] = [canvas.clientWidth, canvas.clientHeight];
  const ratio = devicePixelRatio || 1;
  Object.assign(canvas, { width: width * ratio, height: height * ratio });
  const pen = canvas.getContext("2d");
  pen.scale(ratio, ratio);
  const floor = height - 24;
  const all = curves.flatMap(({ points }) => points.map(([, semitones]) => semitones));
  const [low, high] = [Math.min(-5, ...all) - 1, Math.max(5, ...all) + 1];
  pen.fillStyle = style.color;
  pen.font = `14px ${style.fontFamily}`;
  pen.textAlign = "center";
  for (const { text, from, to } of words) pen.fillText(text, ((from + to) / 2 / seconds) * width, height - 6);
  const [first] = curves;
  for (const { points, from, to, like, dash } of curves) {
    const strokeStyle = getComputedStyle(like).borderBottomColor;
    Object.assign(pen, { strokeStyle, lineWidth: 3, lineJoin: "round", lineCap: "round" });
    pen.setLineDash(dash ?? []);
    pen.beginPath();
    points.forEach(([at, semitones], i) => {
      const place = (at - from) / (to - from || 1);
      const x = ((first.from + place * (first.to - first.from)) / seconds) * width;
      const y = floor - ((semitones - low) / (high - low)) * (floor - 6);
      if (i && at - points[i - 1][0] < 0.05) pen.lineTo(x, y);
      else pen.moveTo(x, y);
    });
    pen.stroke();
  }
}
