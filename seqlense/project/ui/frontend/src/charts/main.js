// Draws the figure of each table that asks for it: first column days, the others numbers. The table stays.
import uPlot from "uplot";

const ink = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function read(table) {
  const names = [...table.tHead.rows[0].cells].slice(1).map((cell) => cell.textContent.trim());
  const rows = [...table.tBodies[0].rows];
  const days = rows.map((row) => Date.parse(row.cells[0].querySelector("time").dateTime) / 1000);
  const lines = names.map((_, index) => rows.map((row) => Number(row.cells[index + 1].dataset.value)));
  return { names, data: [days, ...lines] };
}

function draw(figure) {
  const table = document.getElementById(figure.dataset.chart)?.querySelector("table");
  if (!table) return;
  const { names, data } = read(table);
  const strokes = [ink("--color-primary"), ink("--color-warning")];
  const grid = { stroke: ink("--color-base-300"), width: 1 };
  const axis = { stroke: ink("--color-secondary"), grid, ticks: grid, font: '13px "Source Sans 3 Variable", sans-serif' };
  const language = document.documentElement.lang;
  const day = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: "UTC" });
  const number = new Intl.NumberFormat(language);
  const options = {
    width: figure.clientWidth,
    height: 260,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "UTC"),
    cursor: { drag: { x: false, y: false } },
    legend: { live: true },
    scales: { y: { range: (_, __, most) => [0, Math.max(most, 4) * 1.08] } },
    axes: [
      { ...axis, values: (_, ticks) => ticks.map((tick) => day.format(tick * 1000)) },
      { ...axis, size: 64, values: (_, ticks) => ticks.map((tick) => (Number.isInteger(tick) ? number.format(tick) : "")) },
    ],
    series: [
      { label: figure.dataset.days, value: (_, at) => (at == null ? "" : day.format(at * 1000)) },
      ...names.map((label, index) => ({
        label,
        stroke: strokes[index],
        width: 2,
        dash: index ? [6, 4] : undefined,
        points: { show: data[0].length < 40, size: 5 },
        value: (_, seen) => (seen == null ? "" : number.format(seen)),
      })),
    ],
  };
  figure.replaceChildren();
  const plot = new uPlot(options, data, figure);
  new ResizeObserver(() => plot.setSize({ width: figure.clientWidth, height: 260 })).observe(figure);
}

const drawAll = () => document.querySelectorAll("[data-chart]").forEach(draw);
drawAll();
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
