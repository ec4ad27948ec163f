// Charts by echarts, which is loaded when the first one shows.

const dark = window.matchMedia('(prefers-color-scheme: dark)');
const still = window.matchMedia('(prefers-reduced-motion: reduce)');
const STEPS_SECONDS = [1, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 14400, 21600, 43200, 86400];
const SCRIPT = 'console/echarts.min.js';

let loading = null;

function load() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = SCRIPT;
    script.addEventListener('load', () => resolve(window.echarts));
    script.addEventListener('error', () => {
      loading = null;
      reject(new Error('The charts could not be loaded. The table has the same figures.'));
    });
    document.head.append(script);
  });
  return loading;
}

/** The colours of the page as they are now: {text, muted, line, surface, accent, colors, font}. */
export function theme() {
  const style = getComputedStyle(document.documentElement);
  const value = (name) => style.getPropertyValue(name).trim();
  return {
    dark: dark.matches,
    text: value('--text'),
    muted: value('--muted'),
    line: value('--line'),
    surface: value('--surface'),
    accent: value('--accent'),
    colors: [1, 2, 3, 4, 5, 6].map((n) => value(`--chart-${n}`)),
    font: getComputedStyle(document.body).fontFamily,
  };
}

/** Of an axis of seconds: steps that people count in, at most six of them. {interval, max} */
export function timeSteps(values) {
  const most = Math.max(1, ...values);
  const interval = STEPS_SECONDS.find((step) => most / step <= 6) ?? Math.ceil(most / 6 / 86400) * 86400;
  return { interval, max: Math.ceil(most / interval) * interval };
}

/** What every chart has; echarts takes it as its theme, so that an option can say otherwise. */
function defaults(now) {
  const axis = {
    axisLine: { lineStyle: { color: now.line } },
    axisTick: { show: false },
    axisLabel: { color: now.muted },
    nameTextStyle: { color: now.muted },
    splitLine: { lineStyle: { color: now.line } },
  };
  return {
    color: now.colors,
    textStyle: { color: now.text, fontFamily: now.font },
    legend: { textStyle: { color: now.text } },
    categoryAxis: { ...axis, splitLine: { show: false } },
    valueAxis: axis,
    timeAxis: axis,
  };
}

/**
 * Draws `option(theme)` into an element, and again when the colours change, until the signal ends it. The text for screen
 * readers is made by echarts; the table says it better.
 */
export async function draw(element, option, signal) {
  const echarts = await load();
  if (signal?.aborted) {
    return;
  }
  let chart = null;
  const render = () => {
    chart?.dispose();
    const now = theme();
    const own = option(now);
    delete element.dataset.drawn;
    chart = echarts.init(element, defaults(now), { renderer: 'canvas' });
    chart.on('finished', () => {
      element.dataset.drawn = 'true';
    });
    chart.setOption({
      animation: !still.matches,
      animationDuration: 300,
      aria: { enabled: true },
      ...own,
      // Not made of HTML: its style attributes are what the page's policy forbids.
      tooltip: {
        backgroundColor: now.surface, borderColor: now.line, confine: true, textStyle: { color: now.text }, ...own.tooltip,
        renderMode: 'richText',
      },
    });
  };
  // First when it has its size, because it may not be in the page yet.
  const resized = new ResizeObserver(() => {
    if (chart) {
      chart.resize();
    } else if (element.clientWidth > 0) {
      render();
    }
  });
  const end = () => {
    resized.disconnect();
    dark.removeEventListener('change', render);
    chart?.dispose();
  };
  resized.observe(element);
  dark.addEventListener('change', render);
  signal?.addEventListener('abort', end, { once: true });
}
